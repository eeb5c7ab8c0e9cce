/** The source's chunks, until the signal aborts: then the signal's reason is thrown even if the source never answers. */
export async function* abortableChunks<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  const iterator = source[Symbol.asyncIterator]();
  let rejectPending: ((reason: unknown) => void) | undefined;
  const onAbort = () => rejectPending?.(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  let ended = false;
  try {
    while (true) {
      signal.throwIfAborted();
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        rejectPending = reject;
        iterator.next().then(resolve, reject);
      });
      if (next.done) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (!ended) closeWithoutWaiting(source, iterator);
  }
}

/** A generator that is stuck answers `return` only when it is no longer stuck, so nobody waits for it. */
function closeWithoutWaiting<T>(source: AsyncIterable<T>, iterator: AsyncIterator<T>): void {
  if ('destroy' in source && typeof source.destroy === 'function') source.destroy();
  iterator.return?.().catch(() => {});
}
