import { renditionKinds } from '@sheaf/domain/rendition';
import { type Static, Type } from 'typebox';
import { pageSchema } from './page.ts';
import { reasonSchema } from './queue.ts';
import { quotaSchema } from './quota.ts';
import { idSchema, nullable, personSchema, timeSchema } from './scalars.ts';

/** What members of a group may have beyond, or short of, the switches for everyone. */
export const groupRuleSchema = Type.Object(
  {
    groupId: idSchema,
    effect: Type.Enum(['allow', 'deny']),
    kinds: Type.Array(Type.Enum([...renditionKinds]), { maxItems: 4, description: 'Empty: every kind.' }),
    name: nullable(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'Names of renditions; `*` stands for any characters, `?` for one. Null: every name.',
      }),
    ),
  },
  { additionalProperties: false },
);

/**
 * The whole configuration: `PUT` replaces it. What came to be in later versions may be left out and is then as in force,
 * so that a client that does not know of it takes no rule away. No `default` here: it would be filled in.
 */
export const visibilityConfigurationSchema = Type.Object(
  {
    renditionsAvailable: Type.Boolean(),
    originalsDownloadable: Type.Boolean(),
    expiredVisible: Type.Boolean(),
    expiredDownloadable: Type.Boolean({ description: 'Has no effect unless `expiredVisible`.' }),
    autoApproval: Type.Boolean(),
    multiSelectRenditionNames: Type.Boolean(),
    groupRules: Type.Optional(
      Type.Array(groupRuleSchema, {
        maxItems: 1_000,
        description:
          'Deny wins over allow, and allow over a switch that is off. Left out: as in force; an empty list removes all.',
      }),
    ),
    licenceAcceptance: Type.Optional(
      Type.Enum(['remembered', 'per-download'], {
        description:
          'Whether an acceptance counts for later downloads under the same version of the terms. Left out: as in force.',
      }),
    ),
    quota: Type.Optional({
      ...quotaSchema,
      description: 'For each user who has none of their own. Left out: as in force.',
    }),
    background: Type.Object(
      {
        maxAssets: Type.Integer({ minimum: 1 }),
        maxBytes: Type.Integer({ minimum: 1 }),
        maxSeconds: Type.Integer({ minimum: 1 }),
      },
      { additionalProperties: false },
    ),
    runningPerRequester: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: 10_000 }), Type.Null()], {
        description:
          'Downloads of one requester that are in the queue or with workers at a time; more of them wait. ' +
          'Null: no limit. Left out: as in force.',
      }),
    ),
    maxAssetsPerDownload: Type.Integer({ minimum: 1, maximum: 100_000 }),
    expiringWithinDays: Type.Integer({ minimum: 0, maximum: 3_650 }),
    linkTtlHours: Type.Integer({ minimum: 1, maximum: 87_600 }),
  },
  { additionalProperties: false },
);
export type VisibilityConfigurationJson = Static<typeof visibilityConfigurationSchema>;

const versionFields = {
  version: Type.Integer({ minimum: 0 }),
  changedBy: nullable(personSchema),
  changedAt: nullable(timeSchema),
  rolledBackTo: nullable(Type.Integer({ minimum: 0, description: 'The version that this one brought back.' })),
};

/** One version; 0 with nobody as author is the default that holds before the first change. */
export const visibilitySchema = Type.Object({ ...versionFields, configuration: visibilityConfigurationSchema });
export type VisibilityJson = Static<typeof visibilitySchema>;

export const visibilityQuerySchema = Type.Object(
  {
    at: Type.Optional(
      Type.String({ format: 'date-time', description: 'What was in force then; of a time to come, what is now.' }),
    ),
  },
  { additionalProperties: false },
);

const changesSchema = Type.Array(Type.Object({ field: Type.String(), before: Type.Unknown(), after: Type.Unknown() }), {
  description: 'Against the version that was in force before.',
});

/** A version as the history lists it. */
export const visibilityVersionSchema = Type.Object({ ...versionFields, changes: changesSchema });
export type VisibilityVersionJson = Static<typeof visibilityVersionSchema>;

export const visibilityVersionPageSchema = pageSchema(visibilityVersionSchema);

export const visibilityVersionDetailSchema = Type.Object({ ...visibilitySchema.properties, changes: changesSchema });
export type VisibilityVersionDetailJson = Static<typeof visibilityVersionDetailSchema>;

/** `readVersion` is the one that was read: a newer one in force answers `resource.conflict`. `reason` is for the audit log. */
export const visibilityRollbackSchema = Type.Object(
  {
    version: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
    readVersion: Type.Optional(Type.Integer({ minimum: 0 })),
    reason: Type.Optional(reasonSchema),
  },
  { additionalProperties: false },
);
export type VisibilityRollback = Static<typeof visibilityRollbackSchema>;

/** `version` is the one that was read: a newer one in force answers `resource.conflict`. `reason` is for the audit log. */
export const visibilityChangeSchema = Type.Object(
  {
    version: Type.Optional(Type.Integer({ minimum: 0 })),
    configuration: visibilityConfigurationSchema,
    reason: Type.Optional(reasonSchema),
  },
  { additionalProperties: false },
);
export type VisibilityChange = Static<typeof visibilityChangeSchema>;
