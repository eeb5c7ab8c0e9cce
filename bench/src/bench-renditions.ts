import { readFile } from 'node:fs/promises';
import { ingestFile } from '@sheaf/ingest/ingest-file';
import { renderStaticRenditions } from '@sheaf/ingest/render-static';
import { jpegQuality, staticRenditions } from '@sheaf/ingest/static-renditions';
import sharp from 'sharp';
import type { BenchSystem } from './bench-system.ts';
import { median } from './measure.ts';

const rounds = 3;

/** Pictures at once, on both sides: as many as a worker renders. */
const sideBySide = 2;

const repeats = 3;

/** Making the static renditions of pictures, with storage and database, beside sharp called directly for each size. */
export async function benchRenditions(system: BenchSystem, pictures: string[]) {
  return system.withoutWorker(() => compare(system, Array(repeats).fill(pictures).flat()));
}

async function compare({ db, storage }: BenchSystem, pictures: string[]) {
  const ours: number[] = [];
  const direct: number[] = [];
  for (let round = 0; round < rounds; round++) {
    direct.push(await timed(() => renderDirectly(pictures)));
    const assetIds: string[] = [];
    for (const [i, path] of pictures.entries()) {
      const { assetId } = await ingestFile(
        { db, storage },
        {
          source: { path },
          fileName: `${i}.jpg`,
          folder: `bench-renditions-${round}`,
          status: 'draft',
          createdBy: null,
          modifiedAt: new Date(),
          onExisting: 'fail',
        },
      );
      assetIds.push(assetId);
    }
    ours.push(
      await timed(async () => {
        await inTurn(assetIds, (id) => renderStaticRenditions({ db, storage }, id, new AbortController().signal));
      }),
    );
  }
  const made = pictures.length * staticRenditions.length;
  return {
    pictures: pictures.length,
    perSecond: { sharp: made / median(direct), sheaf: made / median(ours) },
    timesSharp: median(direct) / median(ours),
  };
}

async function renderDirectly(pictures: string[]): Promise<void> {
  await inTurn(pictures, async (path) => {
    const bytes = await readFile(path);
    await Promise.all(
      staticRenditions.map(({ longestSide }) =>
        sharp(bytes)
          .autoOrient()
          .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
          .toColourspace('srgb')
          .jpeg({ quality: jpegQuality })
          .toBuffer(),
      ),
    );
  });
}

async function inTurn<T>(items: T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = items.values();
  const take = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: sideBySide }, take));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}
