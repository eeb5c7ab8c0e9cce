import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Frees all that can be freed, so that what `process.memoryUsage()` tells is in use. */
export function collectGarbage(): void {
  collect();
  // Buffers that the first finds are freed beside it, on a busy machine later than it returns; the second waits for that.
  collect();
}
