import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { onTestFinished } from 'vitest';
import { createTestDatabase } from '../../../test/harness/postgres.ts';
import { insertAsset, type NewAsset } from '../catalogue/insert-asset.ts';
import { insertBlob } from '../catalogue/insert-blob.ts';
import { createDatabase } from '../database.ts';
import { assets, renditions } from '../schema/catalogue.ts';
import { newId } from '../schema/columns.ts';

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A database of the test's own, and a way to fill its catalogue without any stored bytes. */
export async function setupCatalogue() {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const db = createDatabase(url, { maxConnections: 5 });
  onTestFinished(() => db.close());

  /** Adds an approved asset `<fileName>` at the root, of which `changes` may change everything. */
  const addAsset = async (fileName: string, changes: Partial<NewAsset> = {}) => {
    const sha256 = sha256Of(fileName);
    await insertBlob(db.orm, { sha256, size: 7_000_000_000, crc32: 0xffff_ffff });
    return db.transaction((tx) =>
      insertAsset(tx, {
        title: fileName,
        folder: '',
        fileName,
        status: 'approved',
        expiresAt: null,
        licenceId: null,
        modifiedAt: new Date('2026-01-02T03:04:05.678Z'),
        createdBy: null,
        original: { sha256, mediaType: 'image/jpeg', width: 640, height: 480 },
        pending: [{ kind: 'static', name: 'web', mediaType: 'image/jpeg', fileName: `web-of-${fileName}` }],
        ...changes,
      }),
    );
  };

  /** Adds so many assets that are like this one but for their file names, quickly. Returns their ids. */
  const copyAsset = async (assetId: string, count: number): Promise<string[]> => {
    const [asset] = await db.orm.select().from(assets).where(eq(assets.id, assetId));
    const files = await db.orm.select().from(renditions).where(eq(renditions.assetId, assetId));
    const copies = Array.from({ length: count }, (_, index) => {
      return { ...asset!, id: newId(), fileName: `${index}-${asset!.fileName}` };
    });
    await db.orm.insert(assets).values(copies);
    await db.orm
      .insert(renditions)
      .values(copies.flatMap(({ id }) => files.map((file) => ({ ...file, id: newId(), assetId: id }))));
    return copies.map(({ id }) => id);
  };
  return { url, db, addAsset, copyAsset };
}
