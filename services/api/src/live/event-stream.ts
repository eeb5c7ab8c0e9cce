import { Readable } from 'node:stream';

export interface LiveEvent {
  name: string;
  /** Called when the reader is ready for it, and not before. Null: there is nothing to say any more. */
  data(): unknown;
  /** What the reader has seen everything up to, once this and all that waits has been sent. */
  id?: string | undefined;
  /** Of two events with the same key, the one with the lower version is dropped, whichever came first. */
  version?: number;
}

/**
 * Server-sent events to one reader. Keeps one event per key, the latest, until the reader takes it: a slow reader misses
 * what is in between and never what is last, and costs no more memory than there are keys. The id is sent with the last
 * of the events that wait, since a reader that comes back is taken to have seen everything before it.
 */
export class EventStream extends Readable {
  readonly #waiting = new Map<string, LiveEvent>();
  #id: string | undefined;
  #wanted = false;
  #held = true;
  #ending: string | null = null;
  #ended = false;

  constructor({ retryMs }: { retryMs: number }) {
    super({ highWaterMark: 1 });
    this.push(`retry: ${retryMs}\n\n`);
  }

  /** How many events wait for the reader. */
  get waiting(): number {
    return this.#waiting.size;
  }

  offer(key: string, event: LiveEvent): void {
    if (this.#ending !== null || this.destroyed) return;
    if (event.id !== undefined) this.#id = event.id;
    const known = this.#waiting.get(key);
    if (known?.version !== undefined && event.version !== undefined && known.version > event.version) return;
    this.#waiting.set(key, event);
    this.#drain();
  }

  /** Drops what waits, for want of room, in favour of one event that says so. */
  replaceAll(key: string, event: LiveEvent): void {
    this.#waiting.clear();
    this.offer(key, event);
  }

  /** Sends nothing before this: until then a newer event may still replace an older one. */
  release(): void {
    this.#held = false;
    this.#drain();
  }

  /** Keeps proxies and readers from taking the connection for dead. A reader that has not caught up needs none. */
  beat(): void {
    if (!this.#wanted || this.#held || this.#ending !== null) return;
    this.#wanted = this.push(':\n\n');
  }

  /** Ends the stream after what waits, with a last event where a reason is given. */
  finish(reason?: string): void {
    if (this.#ending !== null || this.destroyed) return;
    this.#ending = reason === undefined ? '' : `event: end\ndata: ${JSON.stringify({ reason })}\n\n`;
    this.#held = false;
    this.#drain();
  }

  /** Ends the stream at once, without what waits: it is no longer the reader's to have, or can be had elsewhere. */
  cut(reason?: string): void {
    this.#waiting.clear();
    this.finish(reason);
  }

  override _read(): void {
    this.#wanted = true;
    this.#drain();
  }

  #drain(): void {
    while (this.#wanted && !this.#held) {
      const next = this.#waiting.entries().next().value;
      if (next === undefined) break;
      const [key, event] = next;
      this.#waiting.delete(key);
      const data = event.data();
      if (data === null) continue;
      const id = this.#waiting.size === 0 && this.#id !== undefined ? `id: ${this.#id}\n` : '';
      this.#wanted = this.push(`${id}event: ${event.name}\ndata: ${JSON.stringify(data)}\n\n`);
    }
    if (this.#ending !== null && this.#waiting.size === 0 && !this.#ended) {
      this.#ended = true;
      if (this.#ending !== '') this.push(this.#ending);
      this.push(null);
    }
  }
}
