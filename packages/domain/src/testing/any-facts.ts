import fc from 'fast-check';
import { type AssetStatus, assetStatuses } from '../asset.ts';
import type { DecisionFacts } from '../download-decision.ts';
import { archiveFormats, compressions, layouts, renditionChoices } from '../download-request.ts';
import type { GroupRule } from '../group-rule.ts';
import type { RecordedAcceptance } from '../licence.ts';
import { type Rendition, type RenditionKind, renditionKinds } from '../rendition.ts';
import { defaultVisibility } from '../visibility-configuration.ts';
import { aBlob, aLicence, aRendition, days, hours, now } from './decision-facts.ts';
import { hostilePieces } from './hostile-names.ts';

/** Facts of a request, with what a loader knows besides. */
export interface GeneratedFacts {
  /** As loaders give them: dynamic and smart-crop renditions of approved presets only. */
  facts: DecisionFacts;
  approvedPresets: ReadonlySet<string>;
  /** Every rendition of those assets, also of presets that are not approved. */
  files: Rendition[];
}

const hostileNames = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.constantFrom(...hostilePieces), { maxLength: 4 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-composite', maxLength: 100 }) },
);

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const mostly = (usual: boolean) => fc.constantFrom(usual, usual, usual, !usual);
const ends = fc
  .constantFrom(null, null, null, null, -400, -1, 0, 1, 3, 15, 16, 400)
  .map((end) => (end === null ? null : days(end)));
const licenceIds = ['l1', 'l2', 'l3'];
const presetIds = ['p1', 'p2'];
const groupIds = ['g1', 'g2', 'g3'];
const versions = [1, 2, 3];
/** The third document is the first one again. */
const termsOf = (version: number) => (version === 2 ? 'terms B' : 'terms A');

const kindsAndNames: [RenditionKind, string][] = [
  ['original', 'original'],
  ['static', 'web'],
  ['static', 'thumbnail'],
  ['dynamic', 'hero'],
  ['smart-crop', 'square'],
  ['smart-crop', 'web'],
];

const rendition = fc.record({
  kindAndName: fc.constantFrom(...kindsAndNames),
  presetId: fc.constantFrom(...presetIds),
  fileName: hostileNames,
  state: fc.constantFrom('ready', 'ready', 'ready', 'ready', 'ready', 'pending', 'failed'),
  sourceFault: fc.constantFrom(undefined, undefined, 'missing' as const),
  blob: fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    {
      weight: 9,
      arbitrary: fc.record({
        fault: fc.constantFrom(null, null, null, null, null, null, 'missing', 'corrupt'),
        size: fc.integer({ min: 0, max: 5e9 }),
      }),
    },
  ),
}) satisfies fc.Arbitrary<unknown>;

const asset = fc.record({
  title: hostileNames,
  folder: fc.array(hostileNames, { maxLength: 3 }).map((components) => components.join('/')),
  status: fc.constantFrom<AssetStatus>(...assetStatuses, ...Array.from({ length: 7 }, () => 'approved' as const)),
  expiresAt: ends,
  licenceId: fc.constantFrom(null, null, ...licenceIds),
  renditions: fc.array(rendition, { maxLength: 6, size: 'max' }),
});

const givenAcceptances = fc.array(
  fc.record({ licenceId: fc.constantFrom(...licenceIds), sha256: fc.constantFrom('terms A', 'terms B') }),
  { maxLength: 4, size: 'max' },
);

const recordedAcceptances: fc.Arbitrary<RecordedAcceptance[]> = fc.array(
  fc
    .record({
      licenceId: fc.constantFrom(...licenceIds),
      version: fc.constantFrom(...versions),
      downloadId: fc.constantFrom(null, 'd1', 'd2'),
      assetId: fc.constantFrom(null, 'asset-0', 'asset-1'),
      acceptedAt: fc.constantFrom(0, -0.9, -1, -1.1, -1000).map(hours),
    })
    .map((acceptance) => ({ ...acceptance, sha256: termsOf(acceptance.version) })),
  { maxLength: 8, size: 'max' },
);

const licences = fc
  .tuple(
    ...licenceIds.map((id) =>
      maybe(
        fc.record({
          id: fc.constant(id),
          approved: mostly(true),
          version: fc.constantFrom(0, ...versions, ...versions),
          expiresAt: ends,
        }),
      ),
    ),
  )
  .map((found) =>
    found.flatMap((licence) => {
      if (licence === null) return [];
      return aLicence(licence.id, { ...licence, sha256: licence.version === 0 ? null : termsOf(licence.version) });
    }),
  );

const groupRule: fc.Arbitrary<GroupRule> = fc.record({
  groupId: fc.constantFrom(...groupIds),
  effect: fc.constantFrom('allow', 'deny'),
  kinds: fc.subarray([...renditionKinds]),
  name: fc.constantFrom(null, 'web', 'original', '*', 'w*', '?eb', '*e*o', 's*e', 'thumb?ail', '????', '**b', 'x'),
});

const visibility = fc.record({
  renditionsAvailable: mostly(true),
  originalsDownloadable: mostly(true),
  expiredVisible: fc.boolean(),
  expiredDownloadable: fc.boolean(),
  multiSelectRenditionNames: fc.boolean(),
  licenceAcceptance: fc.constantFrom<'remembered' | 'per-download'>('remembered', 'per-download'),
  groupRules: fc.array(groupRule, { maxLength: 4 }),
  maxAssetsPerDownload: fc.constantFrom(3, 25_000, 25_000),
});

const request = fc.record({
  renditions: fc.constantFrom(...renditionChoices),
  layout: fc.constantFrom(...layouts),
  format: fc.constantFrom(...archiveFormats),
  compression: fc.constantFrom(...compressions),
  partSize: fc.constantFrom(null, 1, 2e9),
  acceptLicences: givenAcceptances,
  withoutLicences: fc.oneof(
    { weight: 3, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.subarray(licenceIds, { maxLength: 2 }) },
  ),
  expiredAssets: fc.constantFrom<'exclude' | 'include'>('exclude', 'include'),
  unavailable: fc.constantFrom<'fail' | 'skip'>('fail', 'skip'),
});

const anyId = fc.tuple(fc.constantFrom(0, 0, 0, 1), fc.nat(5)).map(([index, position]) => `asset-${index}-${position}`);
const chosen: fc.Arbitrary<{ renditionIds?: string[]; renditionNames?: string[] }> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ renditionIds: fc.array(anyId, { minLength: 1, maxLength: 8, size: 'max' }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      renditionNames: fc.subarray(['original', 'web', 'thumbnail', 'hero', 'unknown'], { minLength: 1 }),
    }),
  },
);

/** Selections, settings, rules for groups, licences with versions, acceptances, times and presets of every kind. */
export const anyFacts: fc.Arbitrary<GeneratedFacts> = fc
  .record({
    assets: fc.oneof(fc.array(asset, { maxLength: 1 }), fc.array(asset, { maxLength: 8, size: 'max' })),
    unknown: fc.constantFrom(0, 0, 0, 1, 2),
    licences,
    request,
    chosen,
    acceptances: recordedAcceptances,
    role: fc.constantFrom('requester', 'contributor', 'auditor', 'administrator'),
    dynamicRenditions: fc.boolean(),
    groups: fc.subarray(groupIds, { maxLength: 2 }),
    approved: fc.subarray(presetIds),
    downloadId: fc.constantFrom(null, 'd1'),
    visibility,
  })
  .map(({ assets, unknown, licences, request, chosen, acceptances, approved, visibility, downloadId, ...actor }) => {
    const approvedPresets = new Set(approved);
    const known = assets.map(({ renditions, ...asset }, index) => {
      const id = `asset-${index}`;
      return { ...asset, id, modifiedAt: now, renditions: renditions.map((file, at) => fileOf(id, at, file)) };
    });
    const loaded = known.map((asset) => ({
      ...asset,
      renditions: asset.renditions.filter(({ presetId }) => presetId === null || approvedPresets.has(presetId)),
    }));
    const strangers = Array.from({ length: unknown }, (_, index) => `unknown-${index}`);
    const facts: DecisionFacts = {
      request: {
        name: 'Any',
        assetIds: [...strangers, ...known.map(({ id }) => id)],
        renditionIds: null,
        renditionNames: null,
        notify: { email: false, to: [] },
        ...request,
        ...chosen,
      },
      actor: { id: 'user', ...actor },
      assets: new Map(loaded.map((asset) => [asset.id, asset])),
      licences: new Map(licences.map((licence) => [licence.id, licence])),
      acceptances,
      visibility: { ...defaultVisibility, ...visibility },
      downloadId,
      now,
    };
    return { facts, approvedPresets, files: known.flatMap(({ renditions }) => renditions) };
  });

type GeneratedFile = typeof rendition extends fc.Arbitrary<infer File> ? File : never;

function fileOf(assetId: string, position: number, file: GeneratedFile): Rendition {
  const { kindAndName, blob, presetId, sourceFault, ...facts } = file;
  const [kind, name] = kindAndName;
  const onDemand = kind === 'dynamic' || kind === 'smart-crop';
  return aRendition(assetId, kind, {
    ...facts,
    id: `${assetId}-${position}`,
    name,
    presetId: onDemand ? presetId : null,
    blob: blob === null ? null : aBlob(blob),
    ...(onDemand && sourceFault !== undefined && { sourceFault }),
  });
}
