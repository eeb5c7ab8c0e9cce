import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a server of the loopback interface, whose connections it can end. */
export interface Relay {
  /** The server's URL by way of the relay. */
  url: string;
  /** While true, whoever connects is let in and shown out, as by a proxy whose server is away. */
  isAway: boolean;
  /** Ends all connections at the same moment. */
  endAll(): void;
  close(): Promise<void>;
}

/** @param endsAt Told of what a client sends; where it says so, the connection ends there instead. */
export async function openRelay(serverUrl: string, endsAt: (sent: string) => boolean = () => false): Promise<Relay> {
  const { hostname, port } = new URL(serverUrl);
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    client.on('error', () => {});
    if (relay.isAway) return void client.resume().end();
    clients.add(client);
    const target = connect(Number(port), hostname);
    target.on('error', () => {});
    client.on('data', (chunk) => {
      if (endsAt(chunk.toString('latin1'))) target.destroy();
      else target.write(chunk);
    });
    client.on('close', () => {
      clients.delete(client);
      target.destroy();
    });
    target.on('close', () => client.end());
    target.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port);
  const endAll = () => {
    for (const client of clients) client.end();
  };
  const relay: Relay = {
    url: url.href,
    isAway: false,
    endAll,
    async close() {
      for (const client of clients) client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return relay;
}
