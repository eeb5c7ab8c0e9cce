import { errorStack } from './loggable-error.ts';

/** Ends the process as Node does when nobody handles an error, but without the values of queries, which Node prints. */
export function endOnUncaughtError(subject: string): void {
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${subject} broke: ${errorStack(error)}\n`, () => process.exit(1));
  });
}
