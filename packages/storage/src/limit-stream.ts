import type { Readable } from 'node:stream';
import { isStalled, type StallLimit } from './stall-limit.ts';

type Internals = Pick<Readable, '_read' | '_destroy' | 'push'>;

/**
 * Has a stream fail where it is asked for bytes and gives none for too long. Nobody asks it while its reader does not
 * keep up: that a client is slow is no fault of the storage. Destroyed, it closes in time, also while a read hangs.
 *
 * Changes the stream itself: another one around it would double what each chunk costs, and keep its memory from being
 * used again.
 */
export function limitStream(stream: Readable, limit: StallLimit): Readable {
  const { _read: read, _destroy: destroy, push } = stream satisfies Internals;
  let end: (() => void) | null = null;

  stream._read = (size) => {
    end ??= limit.watch((error) => stream.destroy(error));
    read.call(stream, size);
  };
  stream.push = (chunk, encoding) => {
    end?.();
    end = null;
    return push.call(stream, chunk, encoding);
  };
  stream._destroy = (error, callback) => {
    end?.();
    const closed = new Promise<Error | null>((resolve) =>
      destroy.call(stream, error, (failure) => resolve(failure ?? null)),
    );
    // Whatever hangs is closed when it no longer does.
    const closedInTime = isStalled(error) ? Promise.resolve(error) : limit.within(closed);
    closedInTime.then(callback, () => callback(error));
  };
  return stream;
}
