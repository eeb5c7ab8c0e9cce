import { roles } from '@sheaf/domain/actor';
import { type Static, Type } from 'typebox';
import { quotaUseSchema } from './quota.ts';
import { idSchema, nullable } from './scalars.ts';
import { passwordSchema } from './user.ts';

export const preferencesSchema = Type.Object({ emailNotifications: Type.Boolean(), language: Type.String() });
export type PreferencesJson = Static<typeof preferencesSchema>;

export const meSchema = Type.Object({
  id: idSchema,
  email: Type.String(),
  name: Type.String(),
  role: Type.Enum([...roles]),
  dynamicRenditions: Type.Boolean(),
  hasPassword: Type.Boolean({ description: 'Can sign in by one, and change it.' }),
  preferences: preferencesSchema,
  maxUploadBytes: nullable(
    Type.Integer({
      minimum: 1,
      description: 'The largest file that the caller may add; null where they may add none.',
    }),
  ),
  groups: Type.Array(Type.Object({ id: idSchema, name: Type.String() })),
  quota: Type.Array(quotaUseSchema, {
    description: 'What limits the caller: their own quota and those of their groups.',
  }),
});
export type MeJson = Static<typeof meSchema>;

export const preferencesChangesSchema = Type.Object(
  {
    emailNotifications: Type.Optional(Type.Boolean()),
    language: Type.Optional(Type.String({ pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$', maxLength: 35 })),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type PreferencesChanges = Static<typeof preferencesChangesSchema>;

/** The body of `POST /api/auth/change-password`. */
export const passwordChangeSchema = Type.Object(
  { currentPassword: Type.String({ minLength: 1, maxLength: 200 }), newPassword: passwordSchema },
  { additionalProperties: false },
);
export type PasswordChangeJson = Static<typeof passwordChangeSchema>;
