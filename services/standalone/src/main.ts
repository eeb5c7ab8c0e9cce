import '@sheaf/db/lean-drizzle';
import { AppError } from '@sheaf/domain/app-error';
import { ConfigError } from '@sheaf/runtime/load-config';
import { errorMessage, errorStack } from '@sheaf/runtime/loggable-error';
import { createProgram } from './program.ts';

const env = process.env;

try {
  await createProgram(env).parseAsync();
  process.exitCode ??= 0;
} catch (error) {
  report(error);
  process.exitCode = 1;
}
// Pools, timers and sockets of what failed half-way must not keep a command from ending.
process.exit();

function report(error: unknown): void {
  if (error instanceof ConfigError) {
    for (const fault of error.faults) console.error(`sheaf: ${fault}`);
  } else if (error instanceof AppError) {
    console.error(`sheaf: ${error.message}`);
    if (env.LOG_LEVEL === 'debug') console.error(errorStack(error));
  } else {
    console.error(`sheaf: ${env.LOG_LEVEL === 'debug' ? errorStack(error) : errorMessage(error)}`);
  }
}
