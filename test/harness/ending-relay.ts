import type { Socket } from 'node:net';
import { openRelay } from './relay.ts';

/** Stands before a server of the loopback interface, whose connections it can end. */
export interface EndingRelay {
  /** The server's URL by way of the relay. */
  url: string;
  /** While true, whoever connects is let in and shown out, as by a proxy whose server is away. */
  isAway: boolean;
  /** Ends all connections at the same moment. */
  endAll(): void;
  close(): Promise<void>;
}

/** @param endsAt Told of what a client sends; where it says so, the connection ends there instead. */
export async function openEndingRelay(
  serverUrl: string,
  endsAt: (sent: string) => boolean = () => false,
): Promise<EndingRelay> {
  const url = new URL(serverUrl);
  const clients = new Set<Socket>();
  const { port, close } = await openRelay(Number(url.port), (client, reach) => {
    if (relay.isAway) return void client.resume().end();
    clients.add(client);
    const target = reach();
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
  url.port = String(port);
  const relay: EndingRelay = {
    url: url.href,
    isAway: false,
    endAll() {
      for (const client of clients) client.end();
    },
    close,
  };
  return relay;
}
