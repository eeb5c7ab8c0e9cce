import { reasons } from '@sheaf/domain/outcome';
import { renditionKinds } from '@sheaf/domain/rendition';
import { type Static, Type } from 'typebox';
import { idSchema, nullable, sha256Schema, sizeSchema, timeSchema } from './scalars.ts';

/** One file in the archive. `size` and `sha256` are null while a rendition is still to be rendered. */
export const entrySchema = Type.Object({
  path: Type.String(),
  kind: Type.Enum([...renditionKinds]),
  name: Type.String(),
  size: nullable(sizeSchema),
  sha256: nullable(sha256Schema),
  modifiedAt: timeSchema,
});
export type EntryJson = Static<typeof entrySchema>;

/**
 * What happens to one asset of a request; the same in preflight, items and `manifest.json`. Email, webhook and inbox count
 * outcomes by reason, and name the first few assets that are not there completely.
 */
export const outcomeSchema = Type.Object({
  assetId: idSchema,
  title: Type.String(),
  outcome: Type.Enum(['included', 'excluded']),
  reason: nullable(Type.Enum([...reasons])),
  entries: Type.Array(entrySchema),
  renamed: Type.Boolean(),
});
export type OutcomeJson = Static<typeof outcomeSchema>;
