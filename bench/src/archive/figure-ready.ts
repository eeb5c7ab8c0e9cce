import path from 'node:path';
import { startBenchSystem } from '../bench-system.ts';
import { median } from '../measure.ts';
import { askUntilReady } from './ask-until-ready.ts';
import type { Figure } from './figure.ts';
import { fillSparseCatalogue, type SparseCatalogue } from './sparse-catalogue.ts';

const catalogues: readonly SparseCatalogue[] = [
  { name: '1 GB', assets: 100, size: 10_000_000 },
  { name: '100 GB', assets: 100, size: 1_000_000_000 },
  { name: '25,000 entries', assets: 25_000, size: 40_000 },
];

/**
 * From the acceptance of a request until its archive can be had, for archives that are streamed. Every request is for a
 * content that nobody has asked for before: it has one asset that the one before had not.
 */
export const readyFigure: Figure = {
  name: 'ready',
  async measure({ folder, rounds }) {
    const system = await startBenchSystem(path.join(folder, 'ready'));
    try {
      const selections = new Map<string, string[]>();
      for (const catalogue of catalogues) {
        const spare = { ...catalogue, assets: catalogue.assets + rounds };
        selections.set(catalogue.name, await fillSparseCatalogue(system, spare));
      }
      // Both processes load what they need when they first need it.
      await askUntilReady(system, selections.get('1 GB')!.slice(0, 10));
      const runs = new Map(
        catalogues.map(({ name }) => [name, [] as { accept: number; ready: number; readyAt: number }[]]),
      );
      for (let round = 0; round < rounds; round += 1) {
        for (const { name, assets } of catalogues) {
          const { seconds } = await askUntilReady(system, selections.get(name)!.slice(round, round + assets));
          runs.get(name)!.push(seconds);
        }
      }
      const secondsTo = (name: string, end: 'accept' | 'ready' | 'readyAt') =>
        median(runs.get(name)!.map((seconds) => seconds[end]));
      const ready = (name: string) => secondsTo(name, 'ready');
      return {
        contenders: Object.fromEntries(
          catalogues.map(({ name }) => [
            name,
            {
              secondsToAccept: secondsTo(name, 'accept'),
              secondsToReady: ready(name),
              secondsToReadyAt: secondsTo(name, 'readyAt'),
              fastest: Math.min(...runs.get(name)!.map((seconds) => seconds.ready)),
            },
          ]),
        ),
        reached: {
          ...Object.fromEntries(catalogues.map(({ name }) => [`${name} at most 1 s`, ready(name) <= 1])),
          '100 GB at most 1.2 x 1 GB': ready('100 GB') <= 1.2 * ready('1 GB'),
        },
      };
    } finally {
      await system.stop();
    }
  },
};
