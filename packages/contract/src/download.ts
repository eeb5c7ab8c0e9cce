import { archiveFormats } from '@sheaf/domain/download-request';
import { downloadStates } from '@sheaf/domain/download-state';
import { type Static, Type } from 'typebox';
import { outcomeSchema } from './outcome.ts';
import { pageQueryFields, pageSchema } from './page.ts';
import { oversizedSchema } from './part.ts';
import { idSchema, nullable, sizeSchema, timeSchema } from './scalars.ts';

export const progressSchema = Type.Object({
  entriesDone: Type.Integer({ minimum: 0 }),
  entriesTotal: Type.Integer({ minimum: 0 }),
  bytesDone: sizeSchema,
  bytesTotal: sizeSchema,
  queuePosition: nullable(Type.Integer({ minimum: 1 })),
  waitsForOwn: Type.Boolean({
    description: 'It begins only once another one of its requester’s has ended: as many as may run at a time do.',
  }),
  etaSeconds: nullable(Type.Integer({ minimum: 0 })),
});
export type ProgressJson = Static<typeof progressSchema>;

export const bundleSchema = Type.Object({
  format: Type.Enum([...archiveFormats]),
  delivery: Type.Enum(['streamed', 'packed'], {
    description: '`streamed`: made of the stored files while it is sent. `packed`: a file of its own.',
  }),
  size: sizeSchema,
  linkId: nullable(Type.String({ format: 'uuid', description: 'The link in the `url`s, by which to revoke it.' })),
  parts: Type.Array(
    Type.Object({
      number: Type.Integer({ minimum: 1 }),
      size: sizeSchema,
      oversized: oversizedSchema,
      etag: Type.String(),
      url: nullable(Type.String({ description: 'Null where the caller may not have it, or nobody can.' })),
      fault: nullable(
        Type.Enum(['missing', 'corrupt'], {
          description:
            'What was found to be wrong with the stored archive: it is sent to nobody until a retry makes it again.',
        }),
      ),
    }),
  ),
});
export type BundleJson = Static<typeof bundleSchema>;

/** One request by one requester. `bundle` is null before it is ready; its URLs are null once it can no longer be had. */
export const downloadSchema = Type.Object({
  id: idSchema,
  name: Type.String(),
  version: Type.Integer({
    minimum: 0,
    description: 'Grows with every change: of two answers about a download, the one with the higher version is newer.',
  }),
  state: Type.Enum([...downloadStates]),
  requester: Type.Object({ id: idSchema, name: Type.String(), email: Type.String() }),
  background: Type.Boolean(),
  progress: progressSchema,
  counts: Type.Object({ included: Type.Integer(), excluded: Type.Integer() }),
  bundle: nullable(bundleSchema),
  createdAt: timeSchema,
  readyAt: nullable(timeSchema),
  expiresAt: nullable(timeSchema),
  cancelRequestedAt: nullable(
    Type.String({
      format: 'date-time',
      description: 'When somebody asked for its end; its worker lets go a moment later.',
    }),
  ),
  error: nullable(Type.Object({ code: Type.String(), message: Type.String() })),
  quarantined: Type.Boolean({
    description: 'It stopped so many workers that only an administrator can have it retried.',
  }),
  restOf: nullable(
    Type.String({
      format: 'uuid',
      description: 'The download whose rest this is: some of its files may no longer be had.',
    }),
  ),
});
export type DownloadJson = Static<typeof downloadSchema>;

export const downloadPageSchema = pageSchema(downloadSchema);
export type DownloadPageJson = Static<typeof downloadPageSchema>;

export const downloadListQuerySchema = Type.Object(
  {
    ...pageQueryFields,
    state: Type.Optional(Type.Enum([...downloadStates])),
    q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of the name.' })),
    requester: Type.Optional(
      Type.Union([Type.String({ format: 'uuid' }), Type.Literal('all')], {
        description: 'Whose: oneself by default; anybody else, and `all`, for administrators only.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type DownloadListQuery = Static<typeof downloadListQuerySchema>;

export const downloadItemListQuerySchema = Type.Object(
  { ...pageQueryFields, outcome: Type.Optional(Type.Enum(['included', 'excluded'])) },
  { additionalProperties: false },
);
export type DownloadItemListQuery = Static<typeof downloadItemListQuerySchema>;

export const downloadItemPageSchema = pageSchema(outcomeSchema);
export type DownloadItemPageJson = Static<typeof downloadItemPageSchema>;

/** The answer to `POST /downloads` for a single original, which is sent as it is. */
export const directDownloadSchema = Type.Object({ direct: Type.String({ description: "The file's URL." }) });
export type DirectDownloadJson = Static<typeof directDownloadSchema>;
