import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** What postgres.js has read of its settings: a server's addresses, or the path of its socket, and what is asked of TLS. */
interface Server {
  host: string[];
  port: number[];
  path?: string | false;
  ssl?: unknown;
}

/** The protocol's SSLRequest. */
const requestForTls = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * A connection for postgres.js, which would begin one anew without end, and never answer, where a server ends it before
 * it has said anything: so does a proxy whose database is away. That is an error here like a refused connection. (So does
 * a server that was asked to cancel a statement, too: nobody does.)
 */
export function openSocket({ host, port, path, ssl }: Server): Socket {
  const socket = path ? connect(path) : connect(port[0]!, host[0]!);
  // TLS compares the server's certificate with the host, and errors tell both.
  Object.assign(socket, { host: host[0], port: port[0] });
  socket.once('end', () => {
    if (socket.bytesRead > 0) return;
    const error = new Error('The server ended the connection before it answered.');
    socket.destroy(Object.assign(error, { code: 'ECONNRESET' }));
  });
  if (ssl) askForTls(socket);
  return socket;
}

/** In place of a postgres.js that believes that it is about to: its request is too short to be sent at once. */
async function askForTls(socket: Socket): Promise<void> {
  await setImmediate();
  await setImmediate();
  if (socket.writable && socket.bytesWritten === 0) socket.write(requestForTls);
}
