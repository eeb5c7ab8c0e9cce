import type { AssetSummaryJson } from '@sheaf/contract/asset';
import { assetsApi } from '#lib/api/assets.ts';
import { ApiError } from '#lib/api.ts';

export type AssetStatus = AssetSummaryJson['status'];

/** The API changes one asset a call, and records each: so many calls at a time. */
const atOnce = 4;

/** One status for many assets, one after the other; what fails keeps nothing else from being changed. */
export class StatusChange {
  readonly status: AssetStatus;
  ids: readonly string[];
  done = $state.raw<readonly string[]>([]);
  failures = $state.raw<readonly { id: string; error: unknown }[]>([]);
  state = $state<'asked' | 'running' | 'ended'>('asked');
  /** The server asked for a pause. */
  isHeldUp = $state(false);
  #stopped = new AbortController();

  constructor(status: AssetStatus, ids: readonly string[]) {
    this.status = status;
    this.ids = ids;
  }

  get left(): number {
    return this.ids.length - this.done.length - this.failures.length;
  }

  /** Resolves when there is nothing left to do or it was stopped; never rejects. */
  async run(): Promise<void> {
    this.state = 'running';
    const waiting = [...this.ids];
    const work = async () => {
      for (let id = waiting.shift(); id !== undefined && !this.#stopped.signal.aborted; id = waiting.shift()) {
        await this.#change(id);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    this.state = 'ended';
  }

  /** What is under way comes to its end; the rest stays as it is. */
  stop(): void {
    this.#stopped.abort();
  }

  /** Has only those before it that failed. */
  reopen(): void {
    this.ids = this.failures.map(({ id }) => id);
    this.failures = [];
    this.done = [];
    this.#stopped = new AbortController();
  }

  async #change(id: string): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        await assetsApi.change(id, { status: this.status });
        this.done = [...this.done, id];
        return;
      } catch (error) {
        if (!(error instanceof ApiError && error.code === 'rate.limited')) {
          this.failures = [...this.failures, { id, error }];
          return;
        }
        this.isHeldUp = true;
        await pause((error.retryAfter ?? 5) * 1_000, signal);
        this.isHeldUp = false;
      }
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
