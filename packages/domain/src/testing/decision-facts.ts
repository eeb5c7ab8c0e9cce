import type { Actor } from '../actor.ts';
import type { Asset } from '../asset.ts';
import type { DecisionFacts } from '../download-decision.ts';
import type { DownloadRequest } from '../download-request.ts';
import type { Licence, RecordedAcceptance } from '../licence.ts';
import type { BlobFacts, Rendition, RenditionKind } from '../rendition.ts';
import { defaultVisibility, type VisibilityConfiguration } from '../visibility-configuration.ts';

/** Facts for tests: everything allowed unless a test says otherwise. */
export const now = new Date('2026-11-23T12:00:00Z');

export const hours = (count: number): Date => new Date(now.getTime() + count * 3_600_000);
export const days = (count: number): Date => hours(count * 24);

export const requester: Actor = { id: 'user-1', role: 'requester', dynamicRenditions: false, groups: [] };
export const administrator: Actor = { id: 'user-2', role: 'administrator', dynamicRenditions: true, groups: [] };

/** The preset of dynamic and smart-crop renditions. */
export const aPresetId = 'preset-1';

export function aBlob(facts: Partial<BlobFacts> = {}): BlobFacts {
  return { sha256: 'ab'.repeat(32), size: 1000, crc32: 7, fault: null, ...facts };
}

export function aRendition(assetId: string, kind: RenditionKind, facts: Partial<Rendition> = {}): Rendition {
  const name = facts.name ?? (kind === 'original' ? 'original' : 'web');
  return {
    id: `${assetId}-${name}`,
    assetId,
    kind,
    name,
    title: null,
    presetId: kind === 'dynamic' || kind === 'smart-crop' ? aPresetId : null,
    state: 'ready',
    mediaType: 'image/jpeg',
    fileName: kind === 'original' ? `${assetId}.jpg` : `${assetId}-${name}.jpg`,
    width: 100,
    height: 80,
    blob: aBlob(),
    ...facts,
  };
}

/** An approved asset with an original and the static renditions `web` and `thumbnail`. */
export function anAsset(id: string, facts: Partial<Asset> = {}): Asset {
  return {
    id,
    title: `Title of ${id}`,
    folder: '',
    status: 'approved',
    expiresAt: null,
    licenceId: null,
    modifiedAt: new Date('2026-01-02T03:04:05Z'),
    renditions: [aRendition(id, 'original'), aRendition(id, 'static'), aRendition(id, 'static', { name: 'thumbnail' })],
    ...facts,
  };
}

export function aLicence(id: string, facts: Partial<Licence> = {}): Licence {
  return {
    id,
    title: `Licence ${id}`,
    approved: true,
    sha256: `terms-of-${id}`,
    version: 1,
    expiresAt: null,
    ...facts,
  };
}

/** Of the terms that `aLicence` has, given a moment ago. */
export function anAcceptance(licenceId: string, facts: Partial<RecordedAcceptance> = {}): RecordedAcceptance {
  return {
    licenceId,
    sha256: `terms-of-${licenceId}`,
    version: 1,
    downloadId: null,
    assetId: null,
    acceptedAt: now,
    ...facts,
  };
}

export type RequestChanges = Pick<DownloadRequest, 'assetIds'> & Partial<DownloadRequest>;

/** A request for the originals, but for what is given. */
export function aRequest(changes: RequestChanges): DownloadRequest {
  return {
    name: 'Spring campaign',
    renditions: 'originals',
    renditionIds: null,
    renditionNames: null,
    layout: 'flat',
    format: 'zip',
    compression: 'store',
    partSize: null,
    acceptLicences: [],
    withoutLicences: [],
    expiredAssets: 'exclude',
    unavailable: 'skip',
    notify: { email: false, to: [] },
    ...changes,
  };
}

export interface FactsOptions {
  request?: Partial<DownloadRequest>;
  visibility?: Partial<VisibilityConfiguration>;
  licences?: Licence[];
  actor?: Actor;
  acceptances?: DecisionFacts['acceptances'];
  downloadId?: string;
}

/** The facts of a request for all the assets given. */
export function factsFor(assets: Asset[], options: FactsOptions = {}): DecisionFacts {
  return {
    request: aRequest({
      assetIds: assets.map(({ id }) => id),
      renditions: 'originals-and-static',
      ...options.request,
    }),
    actor: options.actor ?? requester,
    assets: new Map(assets.map((asset) => [asset.id, asset])),
    licences: new Map((options.licences ?? []).map((licence) => [licence.id, licence])),
    acceptances: options.acceptances ?? [],
    downloadId: options.downloadId ?? null,
    visibility: { ...defaultVisibility, ...options.visibility },
    now,
  };
}
