import { roles } from '@sheaf/domain/actor';
import { type Static, Type } from 'typebox';
import { pageQueryFields, pageSchema } from './page.ts';
import { quotaSchema } from './quota.ts';
import { idSchema, nullable, timeSchema } from './scalars.ts';

const nameSchema = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
const roleSchema = Type.Enum([...roles]);

/** A user as administrators see one. */
export const userSchema = Type.Object({
  id: idSchema,
  email: Type.String(),
  name: Type.String(),
  role: roleSchema,
  dynamicRenditions: Type.Boolean({ description: "The user's own entitlement." }),
  entitled: Type.Boolean({ description: "The user's own entitlement, or that of a group." }),
  hasPassword: Type.Boolean({ description: 'Can sign in by one, beside the identity provider where there is one.' }),
  disabled: Type.Boolean(),
  quota: nullable(quotaSchema),
  groups: Type.Array(Type.Object({ id: idSchema, name: Type.String() })),
  createdAt: timeSchema,
});
export type UserJson = Static<typeof userSchema>;

export const userPageSchema = pageSchema(userSchema);

export const userQuerySchema = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name or the email address.' })),
    groupId: Type.Optional(idSchema),
    role: Type.Optional(roleSchema),
    ...pageQueryFields,
  },
  { additionalProperties: false },
);

/** A password that somebody chose. */
export const passwordSchema = Type.String({ minLength: 10, maxLength: 200 });

/**
 * The body of `POST /admin/users`. Without a password, the user signs in with the identity provider; where none is
 * configured, a password is generated.
 */
export const userFieldsSchema = Type.Object(
  {
    email: Type.String({ format: 'email', maxLength: 320 }),
    name: nameSchema,
    role: Type.Optional(roleSchema),
    password: Type.Optional(passwordSchema),
  },
  { additionalProperties: false },
);
export type UserFieldsJson = Static<typeof userFieldsSchema>;

/** A user just made. */
export const newUserSchema = Type.Object({
  ...userSchema.properties,
  password: Type.Optional(Type.String({ description: 'Where it was generated: shown this once.' })),
});
export type NewUserJson = Static<typeof newUserSchema>;

/** The answer of `POST /admin/users/{id}/password`. */
export const newPasswordSchema = Type.Object({
  password: Type.String({ description: 'Generated, and shown this once.' }),
});
export type NewPasswordJson = Static<typeof newPasswordSchema>;

export const userChangesSchema = Type.Object(
  {
    name: Type.Optional(nameSchema),
    role: Type.Optional(roleSchema),
    dynamicRenditions: Type.Optional(Type.Boolean()),
    disabled: Type.Optional(
      Type.Boolean({ description: 'Ends all sessions and API tokens at once; enabling brings none of them back.' }),
    ),
    quota: Type.Optional(nullable(quotaSchema)),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type UserChangesJson = Static<typeof userChangesSchema>;
