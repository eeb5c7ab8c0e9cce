import '@sheaf/db/lean-drizzle';
import { setFlagsFromString } from 'node:v8';
import { endOnUncaughtError } from '@sheaf/runtime/end-on-uncaught-error';
import { errorMessage } from '@sheaf/runtime/loggable-error';

// V8 lets its young generation grow to 128 MB while modules load, and keeps it: half of this process's memory for
// nothing. Measured idle: 260 MB without these, 130 MB with them; throughput is the same. They count only before that.
setFlagsFromString('--max-semi-space-size=8');
setFlagsFromString('--semi-space-growth-factor=1');
// The old generation would grow to several times what is alive before it is looked through. Peak of one download of
// 20,000 files: 261 MB without, 212 MB with it, in the same time.
setFlagsFromString('--heap-growing-percent=20');

endOnUncaughtError('The worker');
const { runProcess } = await import('./run-process.ts');
await runProcess(process.env).catch((error: unknown) => {
  process.stderr.write(`The worker cannot start: ${errorMessage(error)}\n`);
  process.exit(1);
});
