import { insertLicence } from '@sheaf/db/catalogue/insert-licence';
import type { Database } from '@sheaf/db/database';
import { ingestFile } from '@sheaf/ingest/ingest-file';
import { keepWhole, recordBlob } from '@sheaf/ingest/record-blob';
import type { Storage } from '@sheaf/storage/file-storage';
import { licencesTitled } from '../resolve-licence.ts';
import { licenceDocument } from './licence-document.ts';
import { type SampleLicence, sampleAssets, sampleLicences } from './sample-catalogue.ts';
import { sampleContent } from './sample-content.ts';

export interface SampleDeps {
  db: Database;
  storage: Storage;
  now: Date;
}

export interface ImportedSamples {
  /** In the order of `sampleAssets`. */
  assetIds: string[];
}

/** When the sample files were last changed; the time of their entries in archives. */
const modifiedAt = new Date('2026-01-15T09:00:00Z');

const dayMs = 24 * 3_600_000;

/** Brings the sample catalogue in; what an interrupted import brought in already stays. */
export async function importSamples(deps: SampleDeps): Promise<ImportedSamples> {
  const licenceIds: Record<SampleLicence, string> = {
    archive: await ensureLicence(deps, 'archive'),
    agency: await ensureLicence(deps, 'agency'),
  };
  const assetIds: string[] = [];
  for (const asset of sampleAssets) {
    const bytes = await sampleContent(asset);
    const { assetId } = await ingestFile(deps, {
      source: { stream: streamOf(bytes) },
      fileName: asset.fileName,
      folder: asset.folder,
      title: asset.title,
      licenceId: asset.licence === undefined ? null : licenceIds[asset.licence],
      status: asset.status,
      expiresAt: asset.expiresInDays === undefined ? null : new Date(deps.now.getTime() + asset.expiresInDays * dayMs),
      createdBy: null,
      modifiedAt,
      onExisting: 'skip',
    });
    assetIds.push(assetId);
  }
  return { assetIds };
}

async function ensureLicence({ db, storage }: SampleDeps, key: SampleLicence): Promise<string> {
  const { title, approved, terms } = sampleLicences[key];
  const [existing] = await licencesTitled(db.orm, title);
  if (existing) return existing.id;
  const blob = await storage.blobs.put(streamOf(await licenceDocument(terms)), { keep: keepWhole(db) });
  return db.transaction(async (tx) => {
    await recordBlob(tx, storage, blob);
    return insertLicence(tx, { title, approved, documentSha256: blob.sha256, expiresAt: null });
  });
}

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
