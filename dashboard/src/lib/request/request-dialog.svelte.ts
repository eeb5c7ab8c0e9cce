import type { Component } from 'svelte';
import { me } from '#lib/session.svelte.ts';
import { DownloadDraft } from './download-draft.svelte.ts';

/** The dialog that asks for a download. Its code comes when it is first opened. */
class RequestDialog {
  Dialog = $state.raw<Component<{ draft: DownloadDraft }>>();
  draft = $state.raw<DownloadDraft>();

  async open(assetIds: readonly string[]): Promise<void> {
    if (assetIds.length === 0) return;
    this.draft = new DownloadDraft(assetIds, { notifyMe: me().preferences.emailNotifications });
    this.Dialog ??= (await import('./RequestDialog.svelte')).default;
  }

  close(): void {
    this.draft = undefined;
  }
}

export const requestDialog = new RequestDialog();
