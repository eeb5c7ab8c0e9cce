import type { AssetFields, AssetJson } from '@sheaf/contract/asset';
import { assetsApi } from '#lib/api/assets.ts';
import { ApiError } from '#lib/api.ts';
import { randomKey } from '#lib/request/random-key.ts';

/** `chosen`: not asked for yet. `waiting`: for its turn. */
export type UploadState = 'chosen' | 'waiting' | 'sending' | 'added' | 'failed' | 'cancelled';

/** The file cannot be read on this computer (any more): it was moved, changed or is a folder. */
export class UnreadableHereError extends Error {
  constructor(cause: unknown) {
    super('The file cannot be read on this computer.', { cause });
    this.name = 'UnreadableHereError';
  }
}

let count = 0;

/** One file on its way into the catalogue. */
export class Upload {
  readonly id = ++count;
  readonly file: File;
  title = $state('');
  state = $state<UploadState>('chosen');
  /** Bytes of the file. */
  sent = $state(0);
  error = $state.raw<unknown>();
  asset = $state.raw<AssetJson>();
  /** What goes with the file, but for its title. */
  fields: Omit<AssetFields, 'title'> = {};
  #key = randomKey();
  #abort = new AbortController();

  readonly #maxBytes: number;

  /** @param maxBytes More are not sent: the api would refuse them when all of them have come. */
  constructor(file: File, maxBytes: number) {
    this.file = file;
    this.#maxBytes = maxBytes;
    this.title = file.name.replace(/(?<=.)\.[^.]*$/, '');
  }

  get isBusy(): boolean {
    return this.state === 'waiting' || this.state === 'sending';
  }

  /** All of it is there, and is being looked at and stored. */
  get isAllSent(): boolean {
    return this.state === 'sending' && this.sent === this.file.size;
  }

  cancel(): void {
    if (!this.isBusy) return;
    this.state = 'cancelled';
    this.#abort.abort();
  }

  /** Resolves when it was added, refused or cancelled; never rejects. */
  async send(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.state = 'sending';
    this.sent = 0;
    this.error = undefined;
    try {
      if (this.file.size > this.#maxBytes) throw new ApiError(413, { code: 'upload.too_large' });
      await this.#read();
      const title = this.title.trim();
      const fields = { ...(title !== '' && { title }), ...this.fields };
      this.asset = await assetsApi.add(fields, this.file, this.#key, {
        signal: abort.signal,
        // The form is a little longer than its file.
        onprogress: (sent) => {
          this.sent = Math.min(sent, this.file.size);
        },
      });
      this.state = 'added';
    } catch (error) {
      if (abort.signal.aborted) return;
      // An answer is the end of this attempt. Without one, the file may have been added: the next attempt asks for the same.
      if (error instanceof ApiError) this.#key = randomKey();
      this.error = error;
      this.state = 'failed';
    }
  }

  /** A browser that cannot read a file says of its upload only that it broke. */
  async #read(): Promise<void> {
    try {
      await this.file.slice(0, 1).arrayBuffer();
    } catch (error) {
      throw new UnreadableHereError(error);
    }
  }
}
