import { roles } from '@sheaf/domain/actor';
import { type Static, Type } from 'typebox';
import { pageQueryFields, pageSchema } from './page.ts';
import { quotaSchema } from './quota.ts';
import { idSchema, nullable, timeSchema } from './scalars.ts';

const nameSchema = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '\\S',
  description: 'Unique, whatever its case.',
});
const claimSchema = nullable(
  Type.String({
    minLength: 1,
    maxLength: 500,
    description: "The value of the identity provider's groups claim that makes a member. Null: members by hand only.",
  }),
);
const sharedQuotaSchema = nullable(quotaSchema);

/** Users who are treated alike: by rules of the visibility configuration, an entitlement, and a quota that they share. */
export const groupSchema = Type.Object({
  id: idSchema,
  name: Type.String(),
  claim: nullable(Type.String()),
  dynamicRenditions: Type.Boolean({ description: 'Members are entitled to dynamic and smart-crop renditions.' }),
  quota: sharedQuotaSchema,
  members: Type.Integer({ minimum: 0 }),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type GroupJson = Static<typeof groupSchema>;

export const groupPageSchema = pageSchema(groupSchema);

export const groupQuerySchema = Type.Object(
  { q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name.' })), ...pageQueryFields },
  { additionalProperties: false },
);

/** The body of `POST /admin/groups`. */
export const groupFieldsSchema = Type.Object(
  {
    name: nameSchema,
    claim: Type.Optional(claimSchema),
    dynamicRenditions: Type.Optional(Type.Boolean()),
    quota: Type.Optional(sharedQuotaSchema),
  },
  { additionalProperties: false },
);
export type GroupFieldsJson = Static<typeof groupFieldsSchema>;

export const groupChangesSchema = Type.Object(
  {
    name: Type.Optional(nameSchema),
    claim: Type.Optional(claimSchema),
    dynamicRenditions: Type.Optional(Type.Boolean()),
    quota: Type.Optional(sharedQuotaSchema),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type GroupChangesJson = Static<typeof groupChangesSchema>;

export const memberSchema = Type.Object({
  id: idSchema,
  email: Type.String(),
  name: Type.String(),
  role: Type.Enum([...roles]),
  disabled: Type.Boolean(),
  sources: Type.Array(Type.Enum(['manual', 'claim']), {
    description: 'Why: added by hand, or said by the identity provider at the last sign-in.',
  }),
});
export type MemberJson = Static<typeof memberSchema>;

export const memberPageSchema = pageSchema(memberSchema);
