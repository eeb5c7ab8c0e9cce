import { type Static, Type } from 'typebox';
import { pageSchema } from './page.ts';
import { idSchema, timeSchema } from './scalars.ts';

/** A message that was kept because no mail server is configured. */
export const keptMailSchema = Type.Object({
  id: idSchema,
  to: Type.String(),
  subject: Type.String(),
  text: Type.String(),
  html: Type.String(),
  createdAt: timeSchema,
});
export type KeptMailJson = Static<typeof keptMailSchema>;

export const keptMailPageSchema = pageSchema(keptMailSchema);
export type KeptMailPageJson = Static<typeof keptMailPageSchema>;
