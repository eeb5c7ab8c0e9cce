import { randomBytes } from 'node:crypto';
import { insertAsset } from '@sheaf/db/catalogue/insert-asset';
import { insertBlob } from '@sheaf/db/catalogue/insert-blob';
import { insertLicence } from '@sheaf/db/catalogue/insert-licence';
import type { Database } from '@sheaf/db/database';
import { ingestBytes } from '@sheaf/ingest/testing/ingest-bytes';
import type { StoredBlob } from '@sheaf/storage/blob-store';
import type { Storage } from '@sheaf/storage/file-storage';
import sharp from 'sharp';

/** One asset as the test put it into the catalogue. */
export interface TestAsset {
  assetId: string;
  fileName: string;
  bytes: Buffer;
  blob: StoredBlob;
}

/** Ways to fill a catalogue. */
export function createTestCatalogue(db: Database, storage: Storage) {
  async function addBlob(bytes: Buffer): Promise<StoredBlob> {
    const blob = await storage.blobs.put(
      (async function* () {
        yield bytes;
      })(),
    );
    await insertBlob(db.orm, blob);
    return blob;
  }

  return {
    /** An approved asset with an original of random bytes and no renditions. */
    async addAsset(
      options: { bytes?: Buffer; fileName?: string; title?: string; licenceId?: string; expiresAt?: Date } = {},
    ) {
      const bytes = options.bytes ?? randomBytes(1_000);
      const blob = await addBlob(bytes);
      const fileName = options.fileName ?? `file-${blob.sha256.slice(0, 8)}.bin`;
      const inserted = await db.transaction((tx) =>
        insertAsset(tx, {
          title: options.title ?? fileName,
          folder: '',
          fileName,
          status: 'approved',
          expiresAt: options.expiresAt ?? null,
          licenceId: options.licenceId ?? null,
          modifiedAt: new Date('2026-01-02T03:04:06Z'),
          createdBy: null,
          original: { sha256: blob.sha256, mediaType: 'application/octet-stream', width: null, height: null },
          pending: [],
        }),
      );
      return { assetId: inserted.assetId, fileName, bytes, blob } satisfies TestAsset;
    },
    /** An approved picture of one colour, 400 by 300 pixels, whose static renditions are still to be made. */
    async addPicture(fileName: string): Promise<{ assetId: string; sha256: string; bytes: Buffer }> {
      const bytes = await sharp({ create: { width: 400, height: 300, channels: 3, background: 'teal' } })
        .jpeg()
        .toBuffer();
      const { assetId, sha256 } = await ingestBytes({ db, storage }, fileName, bytes);
      return { assetId, sha256, bytes };
    },
    /** An approved licence with these terms. */
    async addLicence(title: string, terms: Buffer): Promise<{ licenceId: string; sha256: string }> {
      const { sha256 } = await addBlob(terms);
      const licenceId = await insertLicence(db.orm, { title, approved: true, documentSha256: sha256, expiresAt: null });
      return { licenceId, sha256 };
    },
  };
}
