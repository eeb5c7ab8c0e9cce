import { type DownloadState, downloadStates } from '@sheaf/domain/download-state';
import type { Executor } from '../../database.ts';
import { users } from '../../schema/auth.ts';
import { licences } from '../../schema/catalogue.ts';
import { newId } from '../../schema/columns.ts';
import { downloadItems, downloadLicences, downloads } from '../../schema/downloads.ts';
import type { DownloadSearch } from '../download-search.ts';
import type { SearchOrder } from '../search-order.ts';

/** A download as a test knows it, to filter it without the database. */
export interface KnownDownload {
  id: string;
  requester: { id: string; name: string; email: string };
  name: string;
  state: DownloadState;
  size: number;
  errorCode: string | null;
  failure: string | null;
  delivery: 'streamed' | 'packed' | null;
  createdAt: Date;
  chargedAt: Date;
  finishedAt: Date | null;
  assetIds: string[];
  licenceIds: string[];
}

const people = [
  ['Anna Meyer', 'anna@agency.example'],
  ['Ben Okafor', 'ben@brand.example'],
  ['Chloé 100% Sûre', 'chloe_c@agency.example'],
  ['Dmitri', 'd@partner.example'],
] as const;
const words = ['Spring', 'campaign', 'MÜNCHEN', 'kit_2', '100%', 'a\\b', 'École', '"x"', 'ok'];
const codes = ['render.failed', 'storage.full', 'internal'];
const open: readonly DownloadState[] = ['requested', 'queued', 'gathering', 'packing'];

/** The same numbers each time, from 0 to 1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function pickWith(random: () => number) {
  return <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
}

/** Writes so many downloads of every sort. Several share their moment and their size. */
export async function fillDownloads(executor: Executor, count: number): Promise<KnownDownload[]> {
  const random = createRandom(7);
  const pick = pickWith(random);
  const requesters = people.map(([name, email]) => ({ id: newId(), name, email }));
  await executor.insert(users).values(requesters);
  const licenceIds = [newId(), newId(), newId()];
  await executor.insert(licences).values(licenceIds.map((id) => ({ id, title: 'Terms' })));
  const assetIds = Array.from({ length: 20 }, newId);
  const start = Date.parse('2026-05-01T00:00:00Z');
  const known = Array.from({ length: count }, (): KnownDownload => {
    const state = pick(downloadStates);
    const failed = state === 'failed';
    const ended = failed || state === 'cancelled' || state === 'expired' || state === 'revoked';
    const errorCode = failed ? pick(codes) : null;
    const createdAt = new Date(start + Math.floor(random() * 200) * 60_000);
    return {
      id: newId(),
      requester: pick(requesters),
      name: `${pick(words)} ${pick(words)} ${pick(words)}`,
      state,
      size: Math.floor(random() * 30) * 1_000_000_000,
      errorCode,
      failure: errorCode && `${errorCode}/${pick(['gather', 'pack'])}`,
      delivery: state === 'ready' || state === 'expired' ? pick(['streamed', 'packed'] as const) : null,
      createdAt,
      chargedAt: new Date(createdAt.getTime() + Math.floor(random() * 10) * 600_000),
      finishedAt: ended ? new Date(createdAt.getTime() + Math.floor(random() * 20) * 300_000) : null,
      assetIds: [...new Set([pick(assetIds), pick(assetIds), pick(assetIds)])],
      licenceIds: random() < 0.6 ? [pick(licenceIds)] : [],
    };
  });
  const request = { name: '' } as typeof downloads.$inferInsert.request;
  await executor.insert(downloads).values(
    known.map(({ requester, size, errorCode, assetIds: _, licenceIds: __, ...row }) => ({
      ...row,
      requesterId: requester.id,
      bytesTotal: size,
      error: errorCode === null ? null : { code: errorCode, message: 'It failed.' },
      request,
      background: true,
      included: 1,
      excluded: 0,
    })),
  );
  await executor.insert(downloadItems).values(
    known.flatMap((row) =>
      row.assetIds.map((assetId, position) => {
        return { downloadId: row.id, position, assetId, title: '', outcome: 'included' as const };
      }),
    ),
  );
  await executor
    .insert(downloadLicences)
    .values(known.flatMap((row) => row.licenceIds.map((licenceId) => ({ licenceId, downloadId: row.id }))));
  return known;
}

/** Searches by so many fields at most: one for each set of them. */
export function searchesOfFewFields(known: readonly KnownDownload[], most: number): DownloadSearch[] {
  const sets = Array.from({ length: 2 ** fieldCount }, (_, set) => set);
  return searchesBy(
    known,
    sets.filter((set) => set.toString(2).replaceAll('0', '').length <= most),
  );
}

/** Searches by any number of fields. */
export function randomSearches(known: readonly KnownDownload[], count: number): DownloadSearch[] {
  const random = createRandom(13);
  return searchesBy(
    known,
    Array.from({ length: count }, () => Math.floor(random() * 2 ** fieldCount)),
  );
}

const fieldCount = 12;

/** One search for each set of fields, a bit each, with values of which most are somebody's. */
function searchesBy(known: readonly KnownDownload[], sets: readonly number[]): DownloadSearch[] {
  const random = createRandom(11);
  const pick = pickWith(random);
  const some = () => pick(known);
  const later = (at: Date) => new Date(at.getTime() + Math.floor(random() * 100) * 60_000);
  const fields: (() => DownloadSearch)[] = [
    () => ({ ids: [...new Set(Array.from({ length: 20 }, () => some().id))] }),
    () => ({ requesterId: some().requester.id }),
    () => ({ requester: pick(['AGENCY', 'anna', 'example', 'c_', '100%', 'û']) }),
    () => ({ assetId: pick(some().assetIds) }),
    () => ({ licenceId: some().licenceIds[0] ?? pick(some().assetIds) }),
    () => ({ errorCode: pick([...codes, 'unheard.of']) }),
    () => ({ failure: some().failure ?? 'internal/pack' }),
    () => ({ states: [...new Set([some().state, some().state, some().state])] }),
    () => {
      const { createdAt } = some();
      return { createdFrom: createdAt, ...(random() < 0.5 && { createdTo: later(createdAt) }) };
    },
    () => ({ q: pick(['spring', 'campaign', 'münchen', '100%', 'T_2', 'école', 'a\\b', 'ok', 'nothing of the sort']) }),
    () => ({ delivery: pick(['streamed', 'packed'] as const) }),
    () => (random() < 0.5 ? { sizeMin: some().size } : { sizeMax: some().size, finishedTo: later(some().createdAt) }),
  ];
  return sets.map((set) => Object.assign({}, ...fields.map((field, bit) => ((set >> bit) & 1 ? field() : {}))));
}

/** What a search finds, by looking at each download. */
export function naiveSearch(known: readonly KnownDownload[], search: DownloadSearch, order: SearchOrder): string[] {
  const has = (text: string, part: string | undefined) =>
    part === undefined || text.toLowerCase().includes(part.toLowerCase());
  const is = <T>(value: T, wanted: T | undefined) => wanted === undefined || value === wanted;
  const within = (at: Date | null, from: Date | undefined, to: Date | undefined) =>
    (from === undefined || (at !== null && at >= from)) && (to === undefined || (at !== null && at < to));
  const found = known.filter(
    (row) =>
      (search.ids === undefined || search.ids.includes(row.id)) &&
      is(row.requester.id, search.requesterId) &&
      (has(row.requester.name, search.requester) || has(row.requester.email, search.requester)) &&
      (search.assetId === undefined || row.assetIds.includes(search.assetId)) &&
      (search.licenceId === undefined || row.licenceIds.includes(search.licenceId)) &&
      is(row.errorCode, search.errorCode) &&
      is(row.failure, search.failure) &&
      (search.states === undefined || search.states.includes(row.state)) &&
      within(row.createdAt, search.createdFrom, search.createdTo) &&
      within(row.finishedAt, search.finishedFrom, search.finishedTo) &&
      has(row.name, search.q) &&
      is(row.delivery, search.delivery) &&
      row.size >= (search.sizeMin ?? 0) &&
      row.size <= (search.sizeMax ?? Number.POSITIVE_INFINITY) &&
      (order !== 'waiting' || open.includes(row.state)),
  );
  const byId = (a: KnownDownload, b: KnownDownload) => (a.id < b.id ? -1 : 1);
  const orders: Record<SearchOrder, (a: KnownDownload, b: KnownDownload) => number> = {
    newest: (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || byId(b, a),
    largest: (a, b) => b.size - a.size || byId(b, a),
    waiting: (a, b) => a.chargedAt.getTime() - b.chargedAt.getTime() || byId(a, b),
  };
  return found.toSorted(orders[order]).map(({ id }) => id);
}
