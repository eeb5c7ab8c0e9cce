import { type Static, Type } from 'typebox';
import { nullable, sizeSchema, timeSchema } from './scalars.ts';

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
  history: Type.Array(Type.Object({ at: timeSchema, usedBytes: sizeSchema }), { description: 'Of the last 90 days.' }),
});
export type StorageFactsJson = Static<typeof storageFactsSchema>;
