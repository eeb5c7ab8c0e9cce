import { ingestBytes } from '@sheaf/ingest/testing/ingest-bytes';
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
    const { assetId } = await ingestBytes({ db, storage }, `picture ${i + 1}.jpg`, picture, { folder });
    ids.push(assetId);
  }
  return ids;
}
