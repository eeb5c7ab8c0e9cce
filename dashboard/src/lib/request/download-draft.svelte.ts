import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import type { LicenceNeedJson, PreflightJson } from '@sheaf/contract/preflight';
import { emailList } from './email-list.ts';
import { randomKey } from './random-key.ts';

type Choice<K extends keyof DownloadRequestJson> = NonNullable<DownloadRequestJson[K]>;
export type Step = 'expired' | 'licences' | 'options';

/** A request for a download while it is being put together. Nothing of it is lost while the dialog is open. */
export class DownloadDraft {
  readonly id = randomKey();
  readonly assetIds: readonly string[];

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
      ...(this.name.trim() && { name: this.name.trim() }),
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

  /** The first question that still has to be answered. */
  stepFor(preflight: PreflightJson): Step {
    if (this.expired === 'undecided' && preflight.expired.length > 0) return 'expired';
    const unanswered = preflight.licences.some((need) => !this.answered(need));
    return unanswered || !(this.licencesDone || preflight.licences.length === 0) ? 'licences' : 'options';
  }

  /** Rule 7: a licence that was neither accepted nor taken out blocks the request. */
  answered({ licenceId, accepted }: LicenceNeedJson): boolean {
    return accepted || this.removed.has(licenceId);
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

  remove(need: LicenceNeedJson): void {
    this.removed = new Map(this.removed).set(need.licenceId, need);
  }

  takeBack(licenceId: string): void {
    const removed = new Map(this.removed);
    removed.delete(licenceId);
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
