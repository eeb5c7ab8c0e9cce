import { reasons } from '@sheaf/domain/outcome';
import { type Static, Type } from 'typebox';
import { outcomeSchema } from './outcome.ts';
import { oversizedSchema } from './part.ts';
import { quotaExcessSchema, quotaUseSchema } from './quota.ts';
import { idSchema, nullable, sha256Schema, sizeSchema, timeSchema } from './scalars.ts';

/** A licence that the selection needs, with the assets that need it (rule 7). */
export const licenceNeedSchema = Type.Object({
  licenceId: idSchema,
  title: Type.String(),
  approved: Type.Boolean(),
  sha256: nullable(sha256Schema),
  version: Type.Integer({ minimum: 0 }),
  accepted: Type.Boolean(),
  documentUrl: nullable(Type.String()),
  assetIds: Type.Array(idSchema),
});
export type LicenceNeedJson = Static<typeof licenceNeedSchema>;

/** Most outcomes of `outcomes=notable`. */
export const mostNotableOutcomes = 500;

export const preflightQuerySchema = Type.Object(
  {
    outcomes: Type.Optional(
      Type.Enum(['all', 'notable'], {
        default: 'all',
        description: `\`notable\`: of assets that are not there completely or have a changed name, the first ${mostNotableOutcomes}.`,
      }),
    ),
  },
  { additionalProperties: false },
);
export type PreflightQuery = Static<typeof preflightQuerySchema>;

/** The decision about a request, without making it. `verdict` says whether `POST /downloads` would take it. */
export const preflightSchema = Type.Object({
  verdict: Type.Enum(['allowed', 'download.empty', 'download.assets_refused', 'download.too_many_assets']),
  outcomes: Type.Array(outcomeSchema),
  reasons: Type.Array(
    Type.Object({
      reason: Type.Enum([...reasons]),
      excluded: Type.Integer({ description: 'Assets that are left out for it altogether.' }),
      partial: Type.Integer({ description: 'Assets that are there, but without some of their files.' }),
    }),
    { description: 'Those that occur, counted over all assets.' },
  ),
  counts: Type.Object({
    assets: Type.Integer(),
    included: Type.Integer(),
    excluded: Type.Integer(),
    entries: Type.Integer(),
    renamed: Type.Integer({ description: 'Assets with a name that had to be changed.' }),
  }),
  licences: Type.Array(licenceNeedSchema),
  expired: Type.Array(Type.Object({ assetId: idSchema, title: Type.String(), expiresAt: timeSchema })),
  expiring: Type.Array(
    Type.Object({ assetId: idSchema, title: Type.String(), expiresAt: timeSchema, days: Type.Integer() }),
  ),
  size: Type.Integer({ minimum: 0, description: 'Bytes of all files whose size is known.' }),
  entriesToRender: Type.Integer({ minimum: 0, description: 'Files whose size is not known yet.' }),
  parts: Type.Array(
    Type.Object({
      number: Type.Integer({ minimum: 1 }),
      assets: Type.Integer(),
      entries: Type.Integer(),
      size: sizeSchema,
      oversized: oversizedSchema,
    }),
  ),
  background: Type.Boolean(),
  direct: nullable(Type.String({ description: 'URL of the single original that is sent as it is.' })),
  expiresAt: timeSchema,
  quota: Type.Array(quotaUseSchema, { description: 'What would be left of each quota after the request.' }),
  quotaExceeded: nullable(quotaExcessSchema),
});
export type PreflightJson = Static<typeof preflightSchema>;
