import { type Static, Type } from 'typebox';
import { pageSchema } from './page.ts';
import { idSchema, nullable, timeSchema } from './scalars.ts';

/** A capability to fetch one download's archive, without its token. */
export const linkSchema = Type.Object({
  id: idSchema,
  createdAt: timeSchema,
  expiresAt: timeSchema,
  revokedAt: nullable(timeSchema),
});
export type LinkJson = Static<typeof linkSchema>;

/** A link in the list of a download's links. */
export const usedLinkSchema = Type.Object({
  ...linkSchema.properties,
  isDefault: Type.Boolean({ description: 'Made with the bundle, and sent to whoever was to be told.' }),
  uses: Type.Integer({
    minimum: 0,
    description: 'Requests that were sent some of the archive: one in pieces counts each.',
  }),
  lastUsedAt: nullable(timeSchema),
});
export type UsedLinkJson = Static<typeof usedLinkSchema>;

export const usedLinkPageSchema = pageSchema(usedLinkSchema);
export type UsedLinkPageJson = Static<typeof usedLinkPageSchema>;

/** A link just made: `url` is shown this once. */
export const newLinkSchema = Type.Object({ ...linkSchema.properties, url: Type.String() });
export type NewLinkJson = Static<typeof newLinkSchema>;

/** The body of `POST /downloads/{id}/links`, which may be left out. */
export const linkFieldsSchema = Type.Object(
  { expiresAt: Type.Optional(nullable(timeSchema)) },
  { additionalProperties: false, description: "Absent or null: as long as the bundle's own end." },
);
export type LinkFields = Static<typeof linkFieldsSchema>;
