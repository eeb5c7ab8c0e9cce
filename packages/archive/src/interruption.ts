/**
 * The first failure from anywhere (a signal, a stream, the archiver), delivered to whatever is being waited for.
 * `Promise.race` against one long-lived promise would do, but it keeps a reaction for every wait until the end.
 */
export class Interruption {
  #failure: { error: unknown } | null = null;
  #reject: ((error: unknown) => void) | null = null;

  /** Later failures are consequences of the first one and are dropped. */
  fail(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = { error };
    this.#reject?.(error);
  }

  get failed(): boolean {
    return this.#failure !== null;
  }

  /** Settles with the promise or rejects with the first failure. One wait at a time. */
  wait<T>(promise: PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      promise.then(resolve, reject);
      if (this.#failure !== null) reject(this.#failure.error);
    });
  }
}
