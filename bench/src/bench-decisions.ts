import type { Executor } from '@sheaf/db/database';
import { groupBundledAssets } from '@sheaf/db/downloads/group-bundled-assets';
import { loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import { decideDownload } from '@sheaf/domain/decide-download';
import type { DownloadRequest } from '@sheaf/domain/download-request';
import type { BenchSystem } from './bench-system.ts';
import { fillCatalogue, licencesInUse } from './decision-catalogue.ts';
import { median, percentile } from './measure.ts';

const assets = 25_000;
const assetsInPreflight = 1_000;
const rounds = 9;
const preflights = 100;

type Choice = DownloadRequest['renditions'];

/**
 * What a decision costs: alone, with its facts from the embedded database, and through the API. Each beside the same
 * rows fetched by postgres.js with nothing done to them.
 */
export async function benchDecisions(system: BenchSystem) {
  const { db } = system;
  const userId = await ownId(system);
  const assetIds = await fillCatalogue(db.orm, assets, userId);
  const actor = { id: userId, role: 'requester' as const, dynamicRenditions: false, groups: [] };
  return system.withoutWorker(async () => {
    const figures: Record<string, unknown> = { assets, licences: licencesInUse };
    for (const choice of ['originals', 'originals-and-static'] as const) {
      const subject = { request: requestFor(assetIds, choice), actor, now: new Date() };
      const facts = await loadDecisionFacts(db.orm, subject);
      const { counts } = decideDownload(facts);
      if (counts.included !== assets) throw new Error(`Only ${counts.included} of ${assets} assets are included.`);
      figures[choice] = {
        milliseconds: {
          decision: await medianOf(async () => decideDownload(facts)),
          factsAndDecision: await medianOf(async () => decideDownload(await loadDecisionFacts(db.orm, subject))),
          rawRows: await medianOf(() => rawRows(db.orm, assetIds, choice)),
        },
        preflight: await benchPreflight(system, assetIds.slice(0, assetsInPreflight), choice),
      };
    }
    return { ...figures, recheckOfLink: await benchRecheck(system, assetIds) };
  });
}

async function benchPreflight(system: BenchSystem, assetIds: string[], renditions: Choice) {
  const [asked, raw]: [number[], number[]] = [[], []];
  for (let round = 0; round < preflights; round++) {
    asked.push(await timed(() => post(system, '/downloads/preflight', { assetIds, renditions })));
    raw.push(await timed(() => rawRows(system.db.orm, assetIds, renditions)));
  }
  const summary = (times: number[]) => ({ p50: percentile(times, 0.5), p95: percentile(times, 0.95) });
  return { assets: assetIds.length, milliseconds: summary(asked), rawRows: summary(raw) };
}

/** What a GET of a link asks the database, beside reading the bundle's items. */
async function benchRecheck(system: BenchSystem, assetIds: string[]) {
  const { db } = system;
  const { id } = await post(system, '/downloads', { assetIds, renditions: 'originals-and-static' });
  // It has nothing that a worker could pack.
  await post(system, `/downloads/${id}/cancel`, {});
  const read = `select * from download_items where download_id = '${id}'`;
  return {
    assets: assetIds.length,
    milliseconds: {
      recheck: await medianOf(() => groupBundledAssets(db.orm, id, new Date())),
      rawRows: await medianOf(() => db.orm.execute(read)),
    },
  };
}

/** The rows that a decision is made of. */
async function rawRows(orm: Executor, assetIds: string[], choice: Choice): Promise<void> {
  const ids = `'{${assetIds.join(',')}}'::uuid[]`;
  const kinds = choice === 'originals' ? ` and r.kind = 'original'` : '';
  await Promise.all([
    orm.execute(
      `select id, title, folder, status, licence_id, modified_at, expires_at from assets where id = any(${ids})`,
    ),
    orm.execute(`select r.id, r.asset_id, r.kind, r.name, r.state, r.media_type, r.file_name, b.sha256, b.size, b.crc32, b.fault
      from renditions r left join blobs b on b.sha256 = r.blob_sha256 where r.asset_id = any(${ids})${kinds}`),
  ]);
}

function requestFor(assetIds: string[], renditions: Choice): DownloadRequest {
  return {
    name: 'Bench',
    assetIds,
    renditions,
    renditionIds: null,
    renditionNames: null,
    layout: 'catalogue',
    format: 'zip',
    compression: 'store',
    partSize: null,
    acceptLicences: [],
    withoutLicences: [],
    expiredAssets: 'exclude',
    unavailable: 'fail',
    notify: { email: null, to: [] },
  };
}

async function ownId({ url, headers }: BenchSystem): Promise<string> {
  const response = await fetch(`${url}/api/v1/me`, { headers });
  return ((await response.json()) as { id: string }).id;
}

async function post({ url, headers }: BenchSystem, path: string, body: object): Promise<{ id: string }> {
  const response = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

async function medianOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await timed(work));
  return median(times);
}

/** Milliseconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
