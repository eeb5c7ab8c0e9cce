import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type SentStatement, statementReader } from './statement-reader.ts';

/** Stands before PostgreSQL and reads what its clients send. */
export interface StatementGate {
  port: number;
  close(): Promise<void>;
}

/**
 * Lets everything through unchanged; what `onStatement` returns is waited for before the statement, and whatever comes
 * after it, goes on. Speaks version 3 of the protocol without TLS, as clients on the loopback interface do.
 */
export async function openStatementGate(
  targetPort: number,
  onStatement: (statement: SentStatement) => Promise<void> | undefined,
): Promise<StatementGate> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        // Only once what it said last has been passed on: why the connection ends, say.
        other.end();
      });
    }
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
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
