import { Readable } from 'node:stream';
import { ingestFile } from '@sheaf/ingest/ingest-file';
import sharp from 'sharp';
import type { TestSystem } from './system.ts';

/** Adds approved pictures, all different, and gives their ids. */
export async function addSampleAssets(
  { db, storage }: TestSystem,
  count: number,
  folder = 'Samples',
): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const background = { r: (i * 37) % 256, g: 120, b: 80 };
    const picture = await sharp({ create: { width: 640, height: 480 + i, channels: 3, background } })
      .jpeg()
      .toBuffer();
    const { assetId } = await ingestFile(
      { db, storage },
      {
        source: { stream: Readable.from([picture]) },
        fileName: `picture ${i + 1}.jpg`,
        folder,
        status: 'approved',
        createdBy: null,
        modifiedAt: new Date('2026-01-01T00:00:00Z'),
        onExisting: 'fail',
      },
    );
    ids.push(assetId);
  }
  return ids;
}
