import { type Static, Type } from 'typebox';
import { pageSchema } from './page.ts';
import { idSchema, nullable, sha256Schema, sizeSchema, timeSchema } from './scalars.ts';

const filesSchema = Type.Object({ files: Type.Integer({ minimum: 0 }), bytes: sizeSchema });

export const storageFactsSchema = Type.Object({
  measuredAt: nullable(Type.String({ format: 'date-time', description: 'Null: nobody has measured yet.' })),
  usedBytes: sizeSchema,
  blobs: Type.Object({ ...filesSchema.properties }, { description: 'Each file once, whatever uses it.' }),
  uses: Type.Object(
    { originals: filesSchema, staticRenditions: filesSchema, dynamicRenditions: filesSchema, documents: filesSchema },
    { description: 'What uses the blobs; a file with two uses is in both.' },
  ),
  archives: Type.Object({ ...filesSchema.properties }, { description: 'Of ready downloads, stored whole.' }),
  tails: Type.Object(
    { ...filesSchema.properties },
    { description: 'Of ready downloads, what is stored of streamed archives.' },
  ),
  disk: nullable(Type.Object({ freeBytes: sizeSchema, totalBytes: sizeSchema })),
  growthBytesPerDay: nullable(Type.Number()),
  daysUntilFull: nullable(Type.Number({ minimum: 0 })),
  care: Type.Object(
    {
      verifiedFiles: Type.Integer({ minimum: 0, description: 'Read again and found to be what they were.' }),
      verifiedBytes: sizeSchema,
      lastVerifiedAt: nullable(timeSchema),
      allVerifiedSince: nullable(
        Type.String({ format: 'date-time', description: 'Every file was stored or verified since.' }),
      ),
      faultsFound: Type.Integer({ minimum: 0 }),
      missing: Type.Integer({ minimum: 0, description: 'Files that are missing now.' }),
      corrupt: Type.Integer({ minimum: 0, description: 'Files that are damaged now.' }),
      removedFiles: Type.Integer({ minimum: 0, description: 'Removed since nothing used them.' }),
      removedBytes: sizeSchema,
    },
    { description: 'How the stored files are doing. Counts since the installation began.' },
  ),
  history: Type.Array(Type.Object({ at: timeSchema, usedBytes: sizeSchema }), { description: 'Of the last 90 days.' }),
});
export type StorageFactsJson = Static<typeof storageFactsSchema>;

/** A stored file that is missing or damaged, and who is affected. */
export const storageFaultSchema = Type.Object({
  sha256: sha256Schema,
  size: sizeSchema,
  fault: Type.Enum(['missing', 'corrupt']),
  checkedAt: nullable(timeSchema),
  verifiedAt: nullable(Type.String({ format: 'date-time', description: 'When it was last found whole.' })),
  assetCount: Type.Integer({ minimum: 0 }),
  assets: Type.Array(
    Type.Object({ id: idSchema, title: Type.String(), kind: Type.String(), name: nullable(Type.String()) }),
    { description: 'Of `assetCount` files of assets, the first 20.' },
  ),
  licences: Type.Array(Type.Object({ id: idSchema, title: Type.String(), version: Type.Integer() })),
  downloadCount: Type.Integer({ minimum: 0 }),
  downloads: Type.Array(Type.Object({ id: idSchema, name: Type.String(), requester: Type.String() }), {
    description: 'Ready downloads that are streamed from it and refused now; of `downloadCount`, the newest 20.',
  }),
});

/** A published archive that is missing or damaged: its links refuse. */
export const archiveFaultSchema = Type.Object({
  downloadId: idSchema,
  name: Type.String(),
  requester: Type.String(),
  number: Type.Integer({ minimum: 1, description: 'Of the archive, where the download has several.' }),
  size: sizeSchema,
  fault: Type.Enum(['missing', 'corrupt']),
  checkedAt: nullable(timeSchema),
});

export const storageFaultPageSchema = Type.Object({
  ...pageSchema(storageFaultSchema).properties,
  archives: Type.Array(archiveFaultSchema, {
    description: 'Archives of ready downloads that are missing or damaged, on the first page only: the newest 100.',
  }),
});
export type StorageFaultPageJson = Static<typeof storageFaultPageSchema>;
