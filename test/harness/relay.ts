import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a server on the loopback interface. */
export interface Relay {
  port: number;
  /** Breaks off whatever connections there are. */
  close(): Promise<void>;
}

/** What comes of each connection is for `pass` to say, and whether the server hears of it: where it calls `reach`. */
export async function openRelay(
  targetPort: number,
  pass: (client: Socket, reach: () => Socket) => void,
): Promise<Relay> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => pass(keep(client), () => keep(connect(targetPort, '127.0.0.1'))));
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
