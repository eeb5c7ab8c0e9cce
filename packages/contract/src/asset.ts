import { assetStatuses } from '@sheaf/domain/asset';
import { type Static, Type } from 'typebox';
import { pageQueryFields, pageSchema } from './page.ts';
import { renditionSchema } from './rendition.ts';
import { idSchema, nullable, personSchema, timeSchema } from './scalars.ts';

const titleSchema = Type.String({ minLength: 1, maxLength: 500 });
const folderSchema = Type.String({
  maxLength: 1_000,
  description: 'Catalogue folder, `/`-separated; empty: the root.',
});

/** An asset as lists show it. */
export const assetSummarySchema = Type.Object({
  id: idSchema,
  title: Type.String(),
  folder: Type.String(),
  fileName: Type.String(),
  mediaType: Type.String(),
  status: Type.Enum([...assetStatuses]),
  licenceId: nullable(idSchema),
  expiresAt: nullable(timeSchema),
  expired: Type.Boolean(),
  expiringInDays: nullable(Type.Integer({ description: 'Set when it expires soon: days left, rounded up.' })),
  thumbnailUrl: nullable(Type.String()),
  size: nullable(
    Type.Integer({ minimum: 0, description: 'Bytes of the original; null where the caller may not see it.' }),
  ),
  width: nullable(Type.Integer({ description: 'Of the picture, in pixels.' })),
  height: nullable(Type.Integer()),
  createdAt: timeSchema,
  createdBy: nullable(
    Type.Object(
      { ...personSchema.properties },
      { description: 'Whoever added it, told to administrators and auditors only.' },
    ),
  ),
});
export type AssetSummaryJson = Static<typeof assetSummarySchema>;

export const assetPageSchema = pageSchema(assetSummarySchema);
export type AssetPageJson = Static<typeof assetPageSchema>;

/** One asset with the renditions that the caller may see. */
export const assetSchema = Type.Object({
  ...assetSummarySchema.properties,
  modifiedAt: timeSchema,
  renditions: Type.Array(renditionSchema),
});
export type AssetJson = Static<typeof assetSchema>;

const uuid = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const mostIds = 200;

const assetFilterFields = {
  ids: Type.Optional(
    Type.String({
      pattern: `^${uuid}(,${uuid}){0,${mostIds - 1}}$`,
      description: `Only these, separated by commas: at most ${mostIds}.`,
    }),
  ),
  q: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Words, each part of the title or the file name.' }),
  ),
  folder: Type.Optional(folderSchema),
  type: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Media type or its first half.' })),
  licenceId: Type.Optional(Type.Union([idSchema, Type.Literal('none')], { description: '`none`: those without one.' })),
  expiring: Type.Optional(Type.Boolean({ description: 'Only those that expire soon.' })),
  status: Type.Optional(Type.Enum([...assetStatuses], { description: 'Administrators and auditors only.' })),
};

/** Which assets a list, its facets or a selection is of. */
export const assetFilterSchema = Type.Object(assetFilterFields, { additionalProperties: false });
export type AssetFilterJson = Static<typeof assetFilterSchema>;

export const assetListQuerySchema = Type.Object(
  { ...pageQueryFields, ...assetFilterFields },
  { additionalProperties: false },
);
export type AssetListQuery = Static<typeof assetListQuerySchema>;

/**
 * How many assets there are of each kind. Each facet counts what the other filters leave, so that it says what choosing
 * another of its values would find.
 */
export const assetFacetsSchema = Type.Object({
  total: Type.Integer({ minimum: 0, description: 'Under all filters.' }),
  types: Type.Array(
    Type.Object({ type: Type.String({ description: 'First half of the media type.' }), count: Type.Integer() }),
  ),
  folders: Type.Array(
    Type.Object({
      folder: Type.String({ description: 'Directly below the folder that is asked for, or below the root.' }),
      count: Type.Integer({ description: 'In it and all below it.' }),
    }),
    { description: 'At most 200, in the order of their names.' },
  ),
  licences: Type.Array(
    Type.Object({
      licenceId: nullable(idSchema),
      title: nullable(Type.String({ description: 'Null for assets without a licence.' })),
      count: Type.Integer(),
    }),
    { description: 'At most 200, those with most assets first.' },
  ),
  expiring: Type.Integer({ minimum: 0, description: 'Of `total`, those that expire soon.' }),
});
export type AssetFacetsJson = Static<typeof assetFacetsSchema>;

/** Everything that a filter finds, to be asked for at once. */
export const assetSelectionSchema = Type.Object({
  assetIds: Type.Array(idSchema, { description: 'Newest first; as many as one download may have.' }),
  total: Type.Integer({ minimum: 0, description: 'How many there are.' }),
  size: nullable(
    Type.Integer({
      minimum: 0,
      description: 'Bytes of the originals of `assetIds`; null where the caller may not have originals.',
    }),
  ),
});
export type AssetSelectionJson = Static<typeof assetSelectionSchema>;

/** The fields that go with the file in `POST /assets`. */
export const assetFieldsSchema = Type.Object(
  {
    title: Type.Optional(titleSchema),
    folder: Type.Optional(folderSchema),
    licenceId: Type.Optional(idSchema),
    expiresAt: Type.Optional(timeSchema),
  },
  { additionalProperties: false },
);
export type AssetFields = Static<typeof assetFieldsSchema>;

export const assetChangesSchema = Type.Object(
  {
    title: Type.Optional(titleSchema),
    folder: Type.Optional(folderSchema),
    status: Type.Optional(Type.Enum([...assetStatuses])),
    licenceId: Type.Optional(nullable(idSchema)),
    expiresAt: Type.Optional(nullable(timeSchema)),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type AssetChanges = Static<typeof assetChangesSchema>;
