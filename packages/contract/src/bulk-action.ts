import { bulkActionKinds, bulkActionStates } from '@sheaf/domain/bulk-action';
import { downloadStates } from '@sheaf/domain/download-state';
import { type Static, Type } from 'typebox';
import { adminDownloadFilterSchema } from './admin-download.ts';
import { pageQueryFields, pageSchema } from './page.ts';
import { idSchema, nullable, personSchema, sizeSchema, timeSchema } from './scalars.ts';

/** The body of `POST /admin/downloads/bulk`. */
export const bulkRequestSchema = Type.Object(
  {
    action: Type.Enum([...bulkActionKinds]),
    filter: adminDownloadFilterSchema,
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        pattern: '\\S',
        description: 'Has to be given to cancel or revoke.',
      }),
    ),
    preview: Type.Optional(
      Type.Boolean({ description: 'Only write down what the filter finds now, and tell how many they are.' }),
    ),
    previewId: Type.Optional(
      Type.String({
        format: 'uuid',
        description: 'Act on exactly what this preview found, whatever the filter finds by now.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type BulkRequest = Static<typeof bulkRequestSchema>;

/** What a bulk action is about to do. It is forgotten an hour later unless it is confirmed. */
export const bulkPreviewSchema = Type.Object({
  previewId: idSchema,
  action: Type.Enum([...bulkActionKinds]),
  asOf: timeSchema,
  total: Type.Integer({ minimum: 0 }),
  people: Type.Integer({ minimum: 0 }),
  bytes: sizeSchema,
  states: Type.Array(
    Type.Object({
      state: Type.Enum([...downloadStates]),
      count: Type.Integer(),
      possible: Type.Boolean({
        description: 'Whether the action can be done in this state; else they will be skipped.',
      }),
    }),
  ),
});
export type BulkPreviewJson = Static<typeof bulkPreviewSchema>;

export const bulkActionSchema = Type.Object({
  id: idSchema,
  action: Type.Enum([...bulkActionKinds]),
  filter: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  reason: nullable(Type.String()),
  state: Type.Enum([...bulkActionStates]),
  requestedBy: personSchema,
  asOf: timeSchema,
  confirmedAt: nullable(timeSchema),
  startedAt: nullable(timeSchema),
  finishedAt: nullable(timeSchema),
  cancelRequested: Type.Boolean(),
  total: Type.Integer(),
  people: Type.Integer(),
  bytes: sizeSchema,
  done: Type.Integer(),
  skipped: Type.Integer(),
});
export type BulkActionJson = Static<typeof bulkActionSchema>;

export const bulkActionPageSchema = pageSchema(bulkActionSchema);
export type BulkActionPageJson = Static<typeof bulkActionPageSchema>;

export const bulkResultQuerySchema = Type.Object(
  { ...pageQueryFields, result: Type.Optional(Type.Enum(['done', 'skipped', 'open'])) },
  { additionalProperties: false },
);

export const bulkResultPageSchema = pageSchema(
  Type.Object({
    downloadId: idSchema,
    name: nullable(Type.String()),
    result: nullable(Type.Enum(['done', 'skipped'])),
    code: nullable(Type.String({ description: 'Why it was skipped.' })),
    message: nullable(Type.String()),
    restId: nullable(
      Type.String({ format: 'uuid', description: 'The download that goes on, where that is another one.' }),
    ),
    at: nullable(timeSchema),
  }),
);
export type BulkResultPageJson = Static<typeof bulkResultPageSchema>;
