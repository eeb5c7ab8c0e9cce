import { type Static, Type } from 'typebox';
import { idSchema, nullable, timeSchema } from './scalars.ts';

/** The whole configuration: `PUT` replaces it. */
export const visibilityConfigurationSchema = Type.Object(
  {
    renditionsAvailable: Type.Boolean(),
    originalsDownloadable: Type.Boolean(),
    expiredVisible: Type.Boolean(),
    expiredDownloadable: Type.Boolean({ description: 'Has no effect unless `expiredVisible`.' }),
    autoApproval: Type.Boolean(),
    multiSelectRenditionNames: Type.Boolean(),
    background: Type.Object(
      {
        maxAssets: Type.Integer({ minimum: 1 }),
        maxBytes: Type.Integer({ minimum: 1 }),
        maxSeconds: Type.Integer({ minimum: 1 }),
      },
      { additionalProperties: false },
    ),
    maxAssetsPerDownload: Type.Integer({ minimum: 1, maximum: 100_000 }),
    expiringWithinDays: Type.Integer({ minimum: 0, maximum: 3_650 }),
    linkTtlHours: Type.Integer({ minimum: 1, maximum: 87_600 }),
  },
  { additionalProperties: false },
);
export type VisibilityConfigurationJson = Static<typeof visibilityConfigurationSchema>;

/** The version in force; 0 with nobody as author before the first change. */
export const visibilitySchema = Type.Object({
  version: Type.Integer({ minimum: 0 }),
  configuration: visibilityConfigurationSchema,
  changedBy: nullable(Type.Object({ id: idSchema, name: Type.String() })),
  changedAt: nullable(timeSchema),
});
export type VisibilityJson = Static<typeof visibilitySchema>;

/** `version` is the one that was read: a newer one in force answers `resource.conflict`. */
export const visibilityChangeSchema = Type.Object(
  { version: Type.Optional(Type.Integer({ minimum: 0 })), configuration: visibilityConfigurationSchema },
  { additionalProperties: false },
);
export type VisibilityChange = Static<typeof visibilityChangeSchema>;
