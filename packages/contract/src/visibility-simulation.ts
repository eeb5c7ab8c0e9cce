import { downloadStates } from '@sheaf/domain/download-state';
import { reasons } from '@sheaf/domain/outcome';
import { type Static, Type } from 'typebox';
import { idSchema, nullable, personSchema, timeSchema } from './scalars.ts';
import { visibilityConfigurationSchema } from './visibility.ts';

const countSchema = Type.Integer({ minimum: 0 });

/** What to try, on how many of the last downloads. */
export const visibilityTrialSchema = Type.Object(
  {
    configuration: visibilityConfigurationSchema,
    last: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
);
export type VisibilityTrial = Static<typeof visibilityTrialSchema>;

/** A download as one of the two configurations decides it now. */
const sideSchema = Type.Object({
  included: countSchema,
  excluded: countSchema,
  files: countSchema,
  background: Type.Boolean(),
  verdict: Type.Enum(
    ['allowed', 'input.invalid', 'download.empty', 'download.assets_refused', 'download.too_many_assets'],
    { description: '`input.invalid`: rendition names were chosen, which this configuration does not offer.' },
  ),
});

const outcomeSideSchema = Type.Object({
  outcome: Type.Enum(['included', 'excluded']),
  reason: nullable(Type.Enum([...reasons])),
});

const downloadFields = {
  id: idSchema,
  name: Type.String(),
  state: Type.Enum([...downloadStates]),
  requester: personSchema,
  createdAt: timeSchema,
};

export const simulatedDownloadSchema = Type.Object({
  ...downloadFields,
  changed: Type.Boolean({
    description: 'An asset, whether it is allowed at all, or whether it runs in the background.',
  }),
  before: sideSchema,
  after: sideSchema,
  changedAssets: countSchema,
  assets: Type.Array(
    Type.Object({
      assetId: idSchema,
      title: Type.String(),
      before: outcomeSideSchema,
      after: outcomeSideSchema,
      gained: Type.Array(Type.String(), { description: 'Names of renditions.' }),
      lost: Type.Array(Type.String()),
    }),
    { description: 'The first 100 that would change.' },
  ),
});
export type SimulatedDownloadJson = Static<typeof simulatedDownloadSchema>;

/** What a proposed configuration would have changed, if the last downloads were asked for now. */
export const visibilitySimulationSchema = Type.Object({
  version: Type.Integer({ minimum: 0, description: 'The one in force, that the proposed one is compared to.' }),
  totals: Type.Object({
    downloads: countSchema,
    changedDownloads: countSchema,
    assets: countSchema,
    changedAssets: countSchema,
    newlyIncluded: countSchema,
    newlyExcluded: countSchema,
    filesGained: countSchema,
    filesLost: countSchema,
  }),
  downloads: Type.Array(simulatedDownloadSchema, { description: 'Newest first.' }),
  skipped: Type.Array(
    Type.Object({
      ...downloadFields,
      assets: countSchema,
      why: Type.Enum(['too_many_assets', 'requester_disabled'], {
        description: 'One simulation looks at so many assets only; whoever is disabled may have nothing either way.',
      }),
    }),
  ),
});
export type VisibilitySimulationJson = Static<typeof visibilitySimulationSchema>;
