import { type Static, Type } from 'typebox';
import { bundleSchema } from './download.ts';
import { pageSchema } from './page.ts';
import { idSchema, nullable, timeSchema } from './scalars.ts';

/** Somebody else's download whose link was sent to the caller's email address. */
export const sharedDownloadSchema = Type.Object({
  id: idSchema,
  downloadId: idSchema,
  name: Type.String(),
  from: Type.Object({ name: Type.String(), email: Type.String() }),
  sharedAt: timeSchema,
  state: Type.Enum(['ready', 'preparing', 'expired', 'revoked', 'unavailable'], {
    description:
      '`revoked`: the link that was sent has been taken back, though there may be others. `preparing`: it is made anew, ' +
      'and the link will be sent again. `unavailable`: making it anew has failed or was cancelled.',
  }),
  counts: Type.Object({ included: Type.Integer(), excluded: Type.Integer() }),
  expiresAt: nullable(timeSchema),
  bundle: nullable(Type.Omit(bundleSchema, ['linkId'])),
});
export type SharedDownloadJson = Static<typeof sharedDownloadSchema>;

export const sharedDownloadPageSchema = pageSchema(sharedDownloadSchema);
export type SharedDownloadPageJson = Static<typeof sharedDownloadPageSchema>;
