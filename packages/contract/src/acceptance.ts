import { type Static, Type } from 'typebox';
import { pageSchema } from './page.ts';
import { idSchema, nullable, sha256Schema, timeSchema } from './scalars.ts';

/** A recorded "I have read and accepted the terms & conditions", as the one who gave it sees it. */
export const acceptanceSchema = Type.Object({
  id: idSchema,
  licence: Type.Object({ id: idSchema, title: Type.String() }),
  version: Type.Integer({ minimum: 1 }),
  sha256: sha256Schema,
  downloadId: nullable(idSchema),
  assetId: nullable(Type.String({ format: 'uuid', description: 'Where one file was sent as it is.' })),
  acceptedAt: timeSchema,
});
export type AcceptanceJson = Static<typeof acceptanceSchema>;

export const acceptancePageSchema = pageSchema(acceptanceSchema);

/** As administrators see it. */
export const acceptanceEvidenceSchema = Type.Object({
  ...acceptanceSchema.properties,
  user: Type.Object({ id: idSchema, name: Type.String(), email: Type.String() }),
  ipAddress: nullable(Type.String()),
  userAgent: nullable(Type.String()),
});
export type AcceptanceEvidenceJson = Static<typeof acceptanceEvidenceSchema>;

export const acceptanceEvidencePageSchema = pageSchema(acceptanceEvidenceSchema);
