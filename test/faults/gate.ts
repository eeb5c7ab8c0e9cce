import { openRelay, type Relay } from '../harness/relay.ts';

/** What becomes of a connection. `cut` breaks off once so many bytes have come from the client. */
export type Passage = 'open' | 'refuse' | 'hang' | { cut: number };

/** Stands before a server on the loopback interface, and lets connections through or not. */
export function openGate(targetPort: number, choose: () => Passage): Promise<Relay> {
  return openRelay(targetPort, (client, reach) => {
    const passage = choose();
    if (passage === 'hang') return;
    if (passage === 'refuse') return void client.destroy();
    const target = reach();
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
}
