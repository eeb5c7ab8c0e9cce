import { assetStatuses } from '@sheaf/domain/asset';
import { type Static, Type } from 'typebox';
import { pageQueryFields, pageSchema } from './page.ts';
import { renditionSchema } from './rendition.ts';
import { idSchema, nullable, timeSchema } from './scalars.ts';

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
  createdAt: timeSchema,
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

export const assetListQuerySchema = Type.Object(
  {
    ...pageQueryFields,
    q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of the title or file name.' })),
    folder: Type.Optional(folderSchema),
    type: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Media type or its first half.' })),
    licenceId: Type.Optional(idSchema),
    expiring: Type.Optional(Type.Boolean({ description: 'Only those that expire soon.' })),
    status: Type.Optional(Type.Enum([...assetStatuses], { description: 'Administrators only.' })),
  },
  { additionalProperties: false },
);
export type AssetListQuery = Static<typeof assetListQuerySchema>;

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
