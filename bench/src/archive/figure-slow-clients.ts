import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startBenchSystem } from '../bench-system.ts';
import { askUntilReady } from './ask-until-ready.ts';
import type { Figure } from './figure.ts';
import { getBytes } from './get-bytes.ts';
import { childrenOf, residentBytes } from './process-cost.ts';
import { fillSparseCatalogue } from './sparse-catalogue.ts';

const clients = 100;
const seconds = 10;
/** Bytes that a client takes at a time, and milliseconds until it takes more. */
const sip = 16_384;
const sipMs = 100;

/** How much more memory the api has while so many clients at once take an archive slowly. */
export const slowClientsFigure: Figure = {
  name: 'slowClients',
  async measure({ folder }) {
    const system = await startBenchSystem(path.join(folder, 'slow-clients'));
    const open: net.Socket[] = [];
    try {
      const assetIds = await fillSparseCatalogue(system, { name: 'slow', assets: 40, size: 50_000_000 });
      const archive = await askUntilReady(system, assetIds);
      const [api] = childrenOf(process.pid, 'api/src/main.ts');
      // What one download takes is there by then.
      await getBytes(archive.url);
      const before = residentBytes(api!);
      for (let client = 0; client < clients; client += 1) open.push(await sipFrom(archive.url));
      let most = before;
      for (const end = performance.now() + seconds * 1_000; performance.now() < end; await pause(100)) {
        most = Math.max(most, residentBytes(api!));
      }
      if (open.some(({ destroyed }) => destroyed)) throw new Error('A slow client was cut off.');
      const megabytesPerClient = (most - before) / clients / 1e6;
      return {
        clients,
        bytesTaken: open.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
        contenders: { sheaf: { megabytesBefore: before / 1e6, megabytesMost: most / 1e6, megabytesPerClient } },
        reached: { 'at most 1 MB for each client': megabytesPerClient <= 1 },
      };
    } finally {
      for (const socket of open) socket.destroy();
      await system.stop();
    }
  },
};

/** Takes a little and then waits, again and again, until it is destroyed. Resolves when the answer has begun. */
async function sipFrom(address: string): Promise<net.Socket> {
  const { hostname, port, pathname } = new URL(address);
  const socket = net.connect({ host: hostname, port: Number(port) });
  socket.on('error', () => {});
  socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  await once(socket, 'readable');
  const timer = setInterval(() => socket.read(Math.min(sip, socket.readableLength)), sipMs);
  socket.once('close', () => clearInterval(timer));
  return socket;
}
