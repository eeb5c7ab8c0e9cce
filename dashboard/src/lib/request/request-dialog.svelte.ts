import type { Component } from 'svelte';
import { me } from '#lib/session.svelte.ts';
import { goto } from '$app/navigation';
import { page } from '$app/state';
import { DownloadDraft } from './download-draft.svelte.ts';

/**
 * The dialog that asks for a download: a step of the browser's history, so that Back closes it. Its code comes when it is
 * first opened.
 */
class RequestDialog {
  Dialog = $state.raw<Component<{ draft: DownloadDraft }>>();
  /** What is asked for. It outlives the dialog, until it is sent or other assets are asked for. */
  draft = $state.raw<DownloadDraft>();

  /** Forward does not open it again once the draft was sent, or another has been begun. */
  get isOpen(): boolean {
    return this.draft !== undefined && page.state.request === this.draft.id;
  }

  async open(assetIds: readonly string[]): Promise<void> {
    if (assetIds.length === 0 || this.isOpen) return;
    if (this.draft?.isOf(assetIds)) this.draft.startOver();
    else this.draft = new DownloadDraft(assetIds, { notifyMe: me().preferences.emailNotifications });
    const { id } = this.draft;
    this.Dialog ??= (await import('./RequestDialog.svelte')).default;
    await goto('', { shallow: true, state: { request: id } });
  }

  /** Resolves when the browser is back where the dialog was opened: only then may it be led elsewhere. */
  async close(): Promise<void> {
    if (!this.isOpen) return;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    addEventListener('popstate', resolve, { once: true });
    history.back();
    await promise;
  }
}

export const requestDialog = new RequestDialog();
