import { archiveFormats, compressions, layouts, renditionChoices } from '@sheaf/domain/download-request';
import { type Static, Type } from 'typebox';
import { idSchema, nullable, sha256Schema } from './scalars.ts';

const gigabyte = 1_000_000_000;

/**
 * Far above the administrator's limit on assets (25,000 by default), so that a request over that limit is refused as
 * `download.too_many_assets` rather than as malformed; the limit on a body's size comes first. Duplicates are looked for
 * by the use case: the validator's `uniqueItems` took 16 s to describe 25,000 equal items.
 */
const mostAssetIds = 100_000;

export const acceptanceSchema = Type.Object(
  { licenceId: idSchema, sha256: sha256Schema },
  { additionalProperties: false, description: 'The licence and the SHA-256 of the terms that were shown.' },
);

/** The body of `POST /downloads` and of `POST /downloads/preflight`. */
export const downloadRequestSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    assetIds: Type.Array(idSchema, { maxItems: mostAssetIds, description: 'Each one once.' }),
    renditions: Type.Optional(Type.Enum([...renditionChoices], { default: 'originals' })),
    renditionIds: Type.Optional(
      nullable(
        Type.Array(idSchema, {
          minItems: 1,
          maxItems: 1_000,
          description: 'For a single asset, instead of `renditions`: exactly these files.',
        }),
      ),
    ),
    renditionNames: Type.Optional(
      nullable(
        Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
          minItems: 1,
          maxItems: 100,
          description:
            'Instead of `renditions`, where the configuration allows it: `original`, or names of static ones.',
        }),
      ),
    ),
    layout: Type.Optional(Type.Enum([...layouts], { default: 'flat' })),
    format: Type.Optional(Type.Enum([...archiveFormats], { default: 'zip' })),
    compression: Type.Optional(Type.Enum([...compressions], { default: 'store' })),
    partSize: Type.Optional(
      nullable(
        Type.Integer({
          minimum: gigabyte,
          maximum: 1_000 * gigabyte,
          description: 'Most bytes in one part; null or absent: one part.',
        }),
      ),
    ),
    acceptLicences: Type.Optional(Type.Array(acceptanceSchema, { maxItems: 1_000, default: [] })),
    withoutLicences: Type.Optional(
      Type.Array(idSchema, {
        maxItems: 1_000,
        default: [],
        description: 'Leaves out the assets under these licences.',
      }),
    ),
    expiredAssets: Type.Optional(Type.Enum(['exclude', 'include'], { default: 'exclude' })),
    unavailable: Type.Optional(Type.Enum(['fail', 'skip'], { default: 'fail' })),
    notify: Type.Optional(
      Type.Object(
        {
          email: Type.Optional(Type.Boolean({ description: 'Absent: as in the preferences.' })),
          to: Type.Optional(Type.Array(Type.String({ format: 'email', maxLength: 254 }), { maxItems: 20 })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type DownloadRequestJson = Static<typeof downloadRequestSchema>;
