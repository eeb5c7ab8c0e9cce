import { once } from 'node:events';
import http from 'node:http';
import path from 'node:path';
import { startBenchSystem } from '../bench-system.ts';
import { median, percentile } from '../measure.ts';
import { askUntilReady } from './ask-until-ready.ts';
import type { Figure } from './figure.ts';
import { fillSparseCatalogue } from './sparse-catalogue.ts';

const assets = 25_000;
const size = 4_000_000;
const places = { '0 %': 0, '50 %': 0.5, '99.9 %': 0.999 };
const rangeBytes = 65_536;
/** Requests for each place in each round. */
const repeats = 20;

/** From a request for a range of an archive of 100 GB, of 25,000 files, to the first byte of the answer. */
export const firstByteFigure: Figure = {
  name: 'firstByte',
  async measure({ folder, rounds }) {
    const system = await startBenchSystem(path.join(folder, 'first-byte'));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const [elsewhere] = await fillSparseCatalogue(system, { name: 'elsewhere', assets: 1, size: 1_000 });
      const archive = await askUntilReady(system, await fillSparseCatalogue(system, { name: 'large', assets, size }));
      const ask = (share: number) => firstByteMs(archive.url, agent, Math.floor(archive.size * share));
      const times = new Map(Object.keys(places).map((place) => [place, [] as number[]]));
      const afterChange: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        // Something that could have changed what may be had: the next request decides everything again.
        await system.db.orm.execute(`update assets set title = title || '.' where id = '${elsewhere}'`);
        afterChange.push(await ask(0.5));
        for (let n = 0; n < repeats; n += 1) {
          for (const [place, share] of Object.entries(places)) times.get(place)!.push(await ask(share));
        }
      }
      return {
        gigabytes: archive.size / 1e9,
        files: assets,
        contenders: {
          ...Object.fromEntries(
            [...times].map(([place, list]) => [
              place,
              { milliseconds: median(list), p95: percentile(list, 0.95), fastest: Math.min(...list) },
            ]),
          ),
          'after a change': {
            milliseconds: median(afterChange),
            p95: percentile(afterChange, 0.95),
            fastest: Math.min(...afterChange),
          },
        },
        reached: Object.fromEntries(
          [...times].map(([place, list]) => [`first byte at ${place} at most 20 ms`, median(list) <= 20]),
        ),
      };
    } finally {
      agent.destroy();
      await system.stop();
    }
  },
};

/** Milliseconds from the request to the first byte of the body. */
async function firstByteMs(url: string, agent: http.Agent, start: number): Promise<number> {
  const asked = performance.now();
  const request = http.get(url, { agent, headers: { range: `bytes=${start}-${start + rangeBytes - 1}` } });
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
  if (answer.statusCode !== 206) throw new Error(`A range was answered with ${answer.statusCode}.`);
  let first: number | null = null;
  let bytes = 0;
  for await (const chunk of answer) {
    first ??= performance.now();
    bytes += chunk.length;
  }
  if (first === null || bytes !== rangeBytes) throw new Error(`A range of ${rangeBytes} bytes had ${bytes}.`);
  return first - asked;
}
