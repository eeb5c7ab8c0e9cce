// Started with the flags in `../node-flags`, which keep it small (docs/decisions/0006).
import '@sheaf/db/lean-drizzle';
import { endOnUncaughtError } from '@sheaf/runtime/end-on-uncaught-error';
import { errorMessage } from '@sheaf/runtime/loggable-error';

endOnUncaughtError('The worker');
const { runProcess } = await import('./run-process.ts');
await runProcess(process.env).catch((error: unknown) => {
  process.stderr.write(`The worker cannot start: ${errorMessage(error)}\n`);
  process.exit(1);
});
