import { Upload, type UploadState } from './upload.svelte.ts';

/** More at once do not come sooner over one line, and each wants its memory on the server. */
const atOnce = 3;

/** Files on their way into the catalogue, some at a time. */
export class UploadQueue {
  uploads = $state.raw<Upload[]>([]);
  isBusy = $derived(this.uploads.some((upload) => upload.isBusy));
  /** Bytes of what was asked for, and what of it is there. */
  bytes = $derived.by(() => {
    const asked = this.uploads.filter(({ state }) => state !== 'chosen' && state !== 'cancelled');
    const sum = (sizeOf: (upload: Upload) => number) => asked.reduce((total, upload) => total + sizeOf(upload), 0);
    return { total: sum(({ file }) => file.size), sent: sum(({ sent }) => sent) };
  });
  readonly #maxBytes: number;
  readonly #onadded: () => void;

  /** @param onadded Called after each file that has become an asset. */
  constructor(maxBytes: number, onadded: () => void) {
    this.#maxBytes = maxBytes;
    this.#onadded = onadded;
  }

  count(...states: UploadState[]): number {
    return this.uploads.filter(({ state }) => states.includes(state)).length;
  }

  choose(files: Iterable<File>): void {
    this.uploads = [...this.uploads, ...Array.from(files, (file) => new Upload(file, this.#maxBytes))];
  }

  /** Sends these, or has them wait for their turn. */
  start(uploads: readonly Upload[], fields: Upload['fields']): void {
    for (const upload of uploads) {
      if (upload.isBusy || upload.state === 'added') continue;
      upload.fields = fields;
      upload.state = 'waiting';
    }
    this.#next();
  }

  /** Takes them off the list; what is being sent stays. */
  remove(gone: (upload: Upload) => boolean): void {
    this.uploads = this.uploads.filter((upload) => upload.isBusy || !gone(upload));
  }

  cancelAll(): void {
    for (const upload of this.uploads) upload.cancel();
  }

  #next(): void {
    while (this.count('sending') < atOnce) {
      const upload = this.uploads.find(({ state }) => state === 'waiting');
      if (!upload) return;
      void upload.send().then(() => {
        if (upload.state === 'added') this.#onadded();
        this.#next();
      });
    }
  }
}
