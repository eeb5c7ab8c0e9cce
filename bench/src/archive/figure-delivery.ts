import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startBenchSystem } from '../bench-system.ts';
import { addToCatalogue } from '../catalogue.ts';
import { median } from '../measure.ts';
import { writeSampleFiles } from '../sample-files.ts';
import { askUntilReady } from './ask-until-ready.ts';
import type { Figure } from './figure.ts';
import { getBytes } from './get-bytes.ts';
import { childrenOf, processorSeconds } from './process-cost.ts';
import { runProgram } from './run-program.ts';
import { startNginx } from './start-nginx.ts';

const files = 40;
const size = 50_000_000;

/** One client downloads a streamed archive over loopback, beside the same bytes as one file sent by nginx. */
export const deliveryFigure: Figure = {
  name: 'delivery',
  async measure({ folder, rounds }) {
    const work = path.join(folder, 'delivery');
    const system = await startBenchSystem(path.join(work, 'system'));
    const served = path.join(work, 'served');
    let nginx: Awaited<ReturnType<typeof startNginx>> | undefined;
    try {
      const sample = await writeSampleFiles(path.join(work, 'sample'), files, size);
      const archive = await askUntilReady(system, await addToCatalogue(system, 'delivery', sample.files));
      await rm(sample.folder, { recursive: true });
      await mkdir(served, { recursive: true });
      const answer = await fetch(archive.url);
      await pipeline(Readable.fromWeb(answer.body! as never), createWriteStream(path.join(served, 'bundle.zip')));
      await runProgram({ command: 'sync', args: ['-f', served] });
      nginx = await startNginx(path.join(work, 'nginx'), served);

      const [api] = childrenOf(process.pid, 'api/src/main.ts');
      const senders = [
        { name: 'sheaf', pid: api!, url: archive.url },
        { name: 'nginx', pid: nginx.pid, url: `${nginx.url}/bundle.zip` },
      ];
      const runs = new Map(senders.map(({ name }) => [name, [] as { seconds: number; processor: number }[]]));
      for (let round = 0; round < rounds; round += 1) {
        for (const { name, pid, url } of senders) {
          const before = processorSeconds(pid);
          const { bytes, seconds } = await getBytes(url);
          if (bytes < archive.size) throw new Error(`${name} sent ${bytes} bytes instead of ${archive.size}.`);
          runs.get(name)!.push({ seconds, processor: processorSeconds(pid) - before });
        }
      }
      const gigabytes = archive.size / 1e9;
      const medianOf = (name: string, what: 'seconds' | 'processor') => median(runs.get(name)!.map((run) => run[what]));
      const ratio = medianOf('nginx', 'seconds') / medianOf('sheaf', 'seconds');
      return {
        gigabytes,
        ratio,
        contenders: Object.fromEntries(
          senders.map(({ name }) => [
            name,
            {
              seconds: medianOf(name, 'seconds'),
              fastest: Math.min(...runs.get(name)!.map(({ seconds }) => seconds)),
              gigabytesPerSecond: gigabytes / medianOf(name, 'seconds'),
              processorSecondsPerGigabyte: medianOf(name, 'processor') / gigabytes,
            },
          ]),
        ),
        reached: { 'at least 0.6 x nginx': ratio >= 0.6 },
      };
    } finally {
      await nginx?.stop();
      await system.stop();
      await rm(work, { recursive: true, force: true });
    }
  },
};
