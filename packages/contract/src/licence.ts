import { type Static, Type } from 'typebox';
import { pageSchema } from './page.ts';
import { idSchema, nullable, personSchema, sha256Schema, sizeSchema, timeSchema } from './scalars.ts';

const titleSchema = Type.String({ minLength: 1, maxLength: 500 });

/** A licence. `sha256` names the terms in force: it is what an acceptance has to say. */
export const licenceSchema = Type.Object({
  id: idSchema,
  title: Type.String(),
  approved: Type.Boolean(),
  sha256: nullable(sha256Schema),
  version: Type.Integer({ minimum: 0, description: 'Of the terms in force; 0 without a document.' }),
  expiresAt: nullable(timeSchema),
  documentUrl: nullable(Type.String({ description: 'The PDF, where this caller may see it.' })),
  accepted: Type.Boolean({
    description: 'Whether the caller has accepted these terms for good: never where each download asks anew.',
  }),
  createdAt: timeSchema,
});
export type LicenceJson = Static<typeof licenceSchema>;

export const licencePageSchema = pageSchema(licenceSchema);
export type LicencePageJson = Static<typeof licencePageSchema>;

/** One document that a licence has or had. */
export const licenceVersionSchema = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  sha256: sha256Schema,
  size: sizeSchema,
  createdBy: nullable(personSchema),
  createdAt: timeSchema,
  acceptances: Type.Integer({ minimum: 0 }),
  documentUrl: Type.String(),
});
export type LicenceVersionJson = Static<typeof licenceVersionSchema>;

export const licenceVersionPageSchema = pageSchema(licenceVersionSchema);

/** The JSON body of `POST /licences`, or the fields that go with the PDF in its multipart form. */
export const licenceFieldsSchema = Type.Object(
  {
    title: titleSchema,
    approved: Type.Optional(Type.Boolean()),
    expiresAt: Type.Optional(nullable(timeSchema)),
  },
  { additionalProperties: false },
);
export type LicenceFields = Static<typeof licenceFieldsSchema>;

export const licenceChangesSchema = Type.Object(
  {
    title: Type.Optional(titleSchema),
    approved: Type.Optional(Type.Boolean()),
    expiresAt: Type.Optional(nullable(timeSchema)),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type LicenceChanges = Static<typeof licenceChangesSchema>;
