import { type Static, Type } from 'typebox';
import { pageSchema } from './page.ts';
import { idSchema, nullable, timeSchema } from './scalars.ts';

/** A personal API token, without the token itself. */
export const apiTokenSchema = Type.Object({
  id: idSchema,
  name: Type.String(),
  createdAt: timeSchema,
  expiresAt: nullable(timeSchema),
  lastUsedAt: nullable(timeSchema),
});
export type ApiTokenJson = Static<typeof apiTokenSchema>;

export const apiTokenPageSchema = pageSchema(apiTokenSchema);
export type ApiTokenPageJson = Static<typeof apiTokenPageSchema>;

export const apiTokenFieldsSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    expiresAt: Type.Optional(nullable(timeSchema)),
  },
  { additionalProperties: false },
);
export type ApiTokenFields = Static<typeof apiTokenFieldsSchema>;

/** A token just made: `token` is shown this once. */
export const newApiTokenSchema = Type.Object({ ...apiTokenSchema.properties, token: Type.String() });
export type NewApiTokenJson = Static<typeof newApiTokenSchema>;
