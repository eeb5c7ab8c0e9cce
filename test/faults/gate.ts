import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What becomes of a connection. `cut` breaks off once so many bytes have come from the client. */
export type Passage = 'open' | 'refuse' | 'hang' | { cut: number };

/** Stands before a server on the loopback interface, and lets connections through or not. */
export interface Gate {
  port: number;
  close(): Promise<void>;
}

export async function openGate(targetPort: number, choose: () => Passage): Promise<Gate> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    const passage = choose();
    if (passage === 'hang') return;
    if (passage === 'refuse') return void client.destroy();
    const target = connect(targetPort, '127.0.0.1');
    keep(target);
    let left = passage === 'open' ? Number.POSITIVE_INFINITY : passage.cut;
    client.on('data', (chunk) => {
      target.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left > 0) return;
      client.destroy();
      target.destroy();
    });
    client.on('end', () => target.end());
    client.on('close', () => target.destroy());
    target.pipe(client);
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
