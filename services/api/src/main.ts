import '@sheaf/db/lean-drizzle';
import { endOnUncaughtError } from '@sheaf/runtime/end-on-uncaught-error';
import { errorMessage } from '@sheaf/runtime/loggable-error';

endOnUncaughtError('The API');
const { runProcess } = await import('./run-process.ts');
await runProcess(process.env).catch((error: unknown) => {
  process.stderr.write(`The API cannot start: ${errorMessage(error)}\n`);
  process.exit(1);
});
