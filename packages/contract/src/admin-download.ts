import { downloadStates } from '@sheaf/domain/download-state';
import { type Static, Type } from 'typebox';
import { pageQueryFields, pageSchema } from './page.ts';
import { idSchema, nullable, sizeSchema, timeSchema } from './scalars.ts';

const state = `(${downloadStates.join('|')})`;
const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const text = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }));

/** What administrators find downloads by: the same in a list's query and in a bulk action's body. All of it has to hold. */
export const adminDownloadFilterFields = {
  ids: Type.Optional(
    Type.String({
      pattern: `^${uuid}(,${uuid}){0,199}$`,
      description: 'Only these downloads: up to 200 ids with commas.',
    }),
  ),
  q: text('Part of the name, whatever its case.'),
  state: Type.Optional(
    Type.String({
      pattern: `^${state}(,${state})*$`,
      maxLength: 100,
      description: 'One state, or several with commas.',
    }),
  ),
  requesterId: Type.Optional(idSchema),
  requester: text("Part of the requester's name or email address, whatever its case."),
  assetId: Type.Optional(Type.String({ format: 'uuid', description: 'An asset that was asked for.' })),
  licenceId: Type.Optional(Type.String({ format: 'uuid', description: 'A licence that some asset was under.' })),
  error: text("The error's code."),
  failure: text('What failures are counted by: `<code>/<step>` or `<code>/<step>/<cause>`.'),
  delivery: Type.Optional(Type.Enum(['streamed', 'packed'])),
  createdFrom: Type.Optional(Type.String({ format: 'date-time', description: 'Included.' })),
  createdTo: Type.Optional(Type.String({ format: 'date-time', description: 'Not included.' })),
  finishedFrom: Type.Optional(Type.String({ format: 'date-time', description: 'Included.' })),
  finishedTo: Type.Optional(Type.String({ format: 'date-time', description: 'Not included.' })),
  sizeMin: Type.Optional(Type.Integer({ minimum: 0, description: 'Bytes of content, included.' })),
  sizeMax: Type.Optional(Type.Integer({ minimum: 0, description: 'Bytes of content, included.' })),
};

export const adminDownloadFilterSchema = Type.Object(adminDownloadFilterFields, { additionalProperties: false });
export type AdminDownloadFilter = Static<typeof adminDownloadFilterSchema>;

export const adminDownloadQuerySchema = Type.Object(
  {
    ...adminDownloadFilterFields,
    order: Type.Optional(
      Type.Enum(['newest', 'largest', 'waiting'], {
        description: '`newest` by default. `waiting`: those that are still to become ready, the longest waiting first.',
      }),
    ),
    ...pageQueryFields,
  },
  { additionalProperties: false },
);
export type AdminDownloadQuery = Static<typeof adminDownloadQuerySchema>;

const personSchema = Type.Object({ id: idSchema, name: Type.String(), email: Type.String() });

/** A download as a list for administrators shows it. */
export const adminDownloadSchema = Type.Object({
  id: idSchema,
  name: Type.String(),
  state: Type.Enum([...downloadStates]),
  requester: personSchema,
  counts: Type.Object({ included: Type.Integer(), excluded: Type.Integer() }),
  progress: Type.Object({
    entriesDone: Type.Integer(),
    entriesTotal: Type.Integer(),
    bytesDone: sizeSchema,
    bytesTotal: sizeSchema,
  }),
  delivery: nullable(Type.Enum(['streamed', 'packed'])),
  error: nullable(Type.Object({ code: Type.String(), message: Type.String() })),
  failure: nullable(Type.String()),
  quarantined: Type.Boolean({
    description: 'It stopped so many workers that it waits for an administrator; a retry releases it.',
  }),
  cancelRequested: Type.Boolean(),
  createdAt: timeSchema,
  requestedAt: Type.String({
    format: 'date-time',
    description: 'When it was last asked for, by its request or a retry.',
  }),
  readyAt: nullable(timeSchema),
  finishedAt: nullable(timeSchema),
  expiresAt: nullable(timeSchema),
});
export type AdminDownloadJson = Static<typeof adminDownloadSchema>;

export const adminDownloadPageSchema = Type.Object({
  ...pageSchema(adminDownloadSchema).properties,
  searchedTo: nullable(
    Type.Object(
      { createdAt: nullable(timeSchema), size: nullable(sizeSchema), requestedAt: nullable(timeSchema) },
      {
        description:
          'Where a search stopped before its page was full, so that no call takes long: everything up to here was looked ' +
          'at, and `nextCursor` goes on. The page may then be short, or empty.',
      },
    ),
  ),
});
export type AdminDownloadPageJson = Static<typeof adminDownloadPageSchema>;

export const adminDownloadCountSchema = Type.Object({
  count: Type.Integer({ minimum: 0 }),
  exact: Type.Boolean({ description: 'False: there are at least so many, and nobody counted further.' }),
});
export type AdminDownloadCountJson = Static<typeof adminDownloadCountSchema>;
