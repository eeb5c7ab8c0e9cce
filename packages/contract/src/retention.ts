import { type Static, Type } from 'typebox';
import { pageSchema } from './page.ts';
import { reasonSchema } from './queue.ts';
import { nullable, personSchema, timeSchema } from './scalars.ts';

const daysSchema = Type.Integer({ minimum: 1, maximum: 36_500 });

export const retentionFieldsSchema = Type.Object(
  {
    bundleHours: nullable(
      Type.Integer({
        minimum: 1,
        maximum: 87_600,
        description:
          'How long bundles and their links live; null: as `linkTtlHours` of the visibility configuration says.',
      }),
    ),
    keptMailDays: nullable(daysSchema),
    inboxDays: nullable(daysSchema),
  },
  { additionalProperties: false },
);
export type RetentionJson = Static<typeof retentionFieldsSchema>;

const versionFields = {
  version: Type.Integer({ minimum: 0 }),
  retention: retentionFieldsSchema,
  reason: nullable(Type.String()),
  changedBy: nullable(personSchema),
  changedAt: nullable(timeSchema),
};

/** Version 0 with nobody as author is the default that holds before the first change. */
export const retentionSchema = Type.Object({
  ...versionFields,
  inForce: Type.Object(
    { bundleHours: Type.Integer() },
    { description: 'After the visibility configuration was asked.' },
  ),
});
export type RetentionVersionJson = Static<typeof retentionSchema>;

export const retentionVersionPageSchema = pageSchema(Type.Object(versionFields));

export const retentionSimulationRequestSchema = Type.Object(
  { retention: retentionFieldsSchema },
  { additionalProperties: false },
);

export const retentionEffectSchema = Type.Object({
  bundles: Type.Integer({ minimum: 0, description: 'Would be over at once.' }),
  shortened: Type.Integer({ minimum: 0, description: 'Would end earlier than was said, those included.' }),
  bytes: Type.Integer({ minimum: 0, description: 'Of stored archives, which would be free.' }),
  people: Type.Integer({ minimum: 0, description: 'Whose bundles would be over.' }),
  keptMails: Type.Integer({ minimum: 0 }),
  inboxItems: Type.Integer({ minimum: 0 }),
});
export type RetentionEffectJson = Static<typeof retentionEffectSchema>;

/** `version` is the one that was read: a newer one in force answers `resource.conflict`. */
export const retentionChangeSchema = Type.Object(
  { version: Type.Integer({ minimum: 0 }), retention: retentionFieldsSchema, reason: reasonSchema },
  { additionalProperties: false },
);
export type RetentionChange = Static<typeof retentionChangeSchema>;
