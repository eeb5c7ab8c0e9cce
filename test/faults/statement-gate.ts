import { openRelay, type Relay } from '../harness/relay.ts';
import { type SentStatement, statementReader } from './statement-reader.ts';

/**
 * Stands before PostgreSQL and reads what its clients send. Lets everything through unchanged; what `onStatement` returns
 * is waited for before the statement, and whatever comes after it, goes on. Speaks version 3 of the protocol without TLS,
 * as clients on the loopback interface do.
 */
export function openStatementGate(
  targetPort: number,
  onStatement: (statement: SentStatement) => Promise<void> | undefined,
): Promise<Relay> {
  return openRelay(targetPort, (client, reach) => {
    const target = reach();
    // Only once what it said last has been passed on: why the connection ends, say.
    client.on('close', () => target.end());
    target.on('close', () => client.end());
    const reader = statementReader();
    target.on('data', (chunk) => {
      reader.answered(chunk);
      client.write(chunk);
    });
    let passing = Promise.resolve();
    client.on('data', (chunk) => {
      const statements = reader.sent(chunk);
      passing = passing.then(async () => {
        for (const statement of statements) await onStatement(statement);
        target.write(chunk);
      });
    });
  });
}
