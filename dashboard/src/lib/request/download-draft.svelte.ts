import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import type { LicenceNeedJson, PreflightJson } from '@sheaf/contract/preflight';
import { shown } from '#lib/i18n/shown.svelte.ts';
import { t } from '#lib/i18n/texts.svelte.ts';
import { emailList } from './email-list.ts';
import { randomKey } from './random-key.ts';

type Choice<K extends keyof DownloadRequestJson> = NonNullable<DownloadRequestJson[K]>;
export type Step = 'expired' | 'licences' | 'options';

/** A request for a download while it is being put together. Nothing of it is lost while the dialog is open. */
export class DownloadDraft {
  readonly id = randomKey();
  readonly assetIds: readonly string[];

  /** What it is called where nobody names it: of the moment it was begun, so that a second attempt has the same name. */
  readonly defaultName = t.request.defaultName(shown.time(new Date().toISOString()));
  name = $state('');
  renditions = $state<Choice<'renditions'>>('originals');
  layout = $state<Choice<'layout'>>('flat');
  format = $state<Choice<'format'>>('zip');
  compression = $state<Choice<'compression'>>('store');
  partSize = $state<number | null>(null);
  notifyMe = $state(true);
  others = $state('');

  /** Rule 8: what the person said about expired assets. */
  expired = $state<'undecided' | 'with' | 'without'>('undecided');
  /** Rule 6: licences that were accepted here, each by the SHA-256 of the terms that were shown. */
  accepted = $state.raw<ReadonlyMap<string, string>>(new Map());
  /** Rule 7: licences whose terms were on the screen, by the SHA-256 of those terms. */
  reviewed = $state.raw<ReadonlyMap<string, string>>(new Map());
  /** Rule 7: licences that were taken out; they stay here, to be taken back. */
  removed = $state.raw<ReadonlyMap<string, LicenceNeedJson>>(new Map());
  /** Whether the person has gone past the licences. */
  licencesDone = $state(false);

  /** Licences in the order in which they first came up. */
  #known = new Map<string, LicenceNeedJson>();
  #sent = '';
  #key = '';

  constructor(assetIds: readonly string[], { notifyMe = true } = {}) {
    this.assetIds = assetIds;
    this.notifyMe = notifyMe;
  }

  /** All that the decision depends on; the name and who is told do not change it. */
  decisive(): Omit<DownloadRequestJson, 'assetIds'> {
    return {
      renditions: this.renditions,
      layout: this.layout,
      format: this.format,
      compression: this.format === 'zip' ? this.compression : 'store',
      partSize: this.partSize,
      acceptLicences: [...this.accepted]
        .filter(([licenceId]) => !this.removed.has(licenceId))
        .map(([licenceId, sha256]) => ({ licenceId, sha256 })),
      withoutLicences: [...this.removed.keys()],
      expiredAssets: this.expired === 'without' ? 'exclude' : 'include',
      unavailable: 'skip',
    };
  }

  body(): DownloadRequestJson {
    return {
      ...this.decisive(),
      assetIds: [...this.assetIds],
      name: this.name.trim() || this.defaultName,
      notify: { email: this.notifyMe, to: emailList(this.others) },
    };
  }

  /** The key of one attempt and of its repetitions: a body that has changed since is a request of its own. */
  keyFor(body: DownloadRequestJson): string {
    const text = JSON.stringify(body);
    if (text !== this.#sent) {
      this.#sent = text;
      this.#key = randomKey();
    }
    return this.#key;
  }

  isOf(assetIds: readonly string[]): boolean {
    return assetIds.length === this.assetIds.length && assetIds.every((id, index) => id === this.assetIds[index]);
  }

  /** Asks every question again; what was typed, read and accepted stays. */
  startOver(): void {
    this.expired = 'undecided';
    this.licencesDone = false;
  }

  /** The first question that still has to be answered. */
  stepFor(preflight: PreflightJson): Step {
    if (this.expired === 'undecided' && preflight.expired.length > 0) return 'expired';
    const unanswered = preflight.licences.some((need) => !this.answered(need));
    // Whoever takes out the last one may still take it back.
    const none = preflight.licences.length === 0 && this.removed.size === 0;
    return unanswered || !(this.licencesDone || none) ? 'licences' : 'options';
  }

  /** Rule 7: a licence that was neither accepted nor taken out blocks the request. */
  answered({ licenceId, accepted }: LicenceNeedJson): boolean {
    return accepted || this.removed.has(licenceId);
  }

  /**
   * The licences of a decision and those that were taken out, each where it first stood: nothing moves under the pointer.
   * @param settled Whether the decision is of this very draft; until it is, what was there stays.
   */
  inOrder(licences: readonly LicenceNeedJson[], settled: boolean): LicenceNeedJson[] {
    const found = new Set<string>(this.removed.keys());
    for (const need of licences) {
      found.add(need.licenceId);
      this.#known.set(need.licenceId, need);
    }
    if (settled) for (const licenceId of this.#known.keys()) if (!found.has(licenceId)) this.#known.delete(licenceId);
    return [...this.#known.values()];
  }

  accept({ licenceId, sha256 }: LicenceNeedJson, yes: boolean): void {
    const accepted = new Map(this.accepted);
    if (yes && sha256 !== null) accepted.set(licenceId, sha256);
    else accepted.delete(licenceId);
    this.accepted = accepted;
  }

  review(licenceId: string, sha256: string): void {
    this.reviewed = new Map(this.reviewed).set(licenceId, sha256);
  }

  /** Takes a licence out, or back. The second press of a double click is not a change of mind. */
  toggle(need: LicenceNeedJson, { detail }: Pick<UIEvent, 'detail'>): void {
    if (detail > 1) return;
    const removed = new Map(this.removed);
    if (!removed.delete(need.licenceId)) removed.set(need.licenceId, need);
    this.removed = removed;
  }

  /** Forgets acceptances of terms that are no longer in force. Gives the titles of their licences. */
  dropChangedTerms(licences: readonly LicenceNeedJson[]): string[] {
    const changed = licences.filter(({ licenceId, sha256 }) => {
      const accepted = this.accepted.get(licenceId);
      return accepted !== undefined && accepted !== sha256;
    });
    for (const need of changed) this.accept(need, false);
    return changed.map(({ title }) => title);
  }
}
