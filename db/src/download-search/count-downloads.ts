import { sql } from 'drizzle-orm';
import type { Database, Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { asPlanned } from './as-planned.ts';
import { candidatesOf, fewestCandidates, namedCandidates } from './candidates.ts';
import { type DownloadSearch, type ResolvedSearch, searchCondition } from './download-search.ts';
import { resolveSearch } from './resolve-search.ts';
import { walkDownloads } from './walk-downloads.ts';

/** Counting goes no further. */
export const countLimit = 10_000;
/** Rows looked at for a count that no index alone can give. */
const budget = 5_000;
const sampleRows = 2_000;

export interface DownloadCount {
  value: number;
  /** Whether it is all of them; else there are at least so many. */
  exact: boolean;
}

/** How many downloads a search finds, at a bounded cost: exactly up to 10,000 where that can be had for it. */
export async function countDownloads(
  db: Pick<Database, 'transaction'>,
  search: DownloadSearch,
): Promise<DownloadCount> {
  return asPlanned(db, (executor) => count(executor, search));
}

async function count(executor: Executor, given: DownloadSearch): Promise<DownloadCount> {
  const search = await resolveSearch(executor, given);
  if (search === null) return { value: 0, exact: true };
  const parts = candidatesOf(search);
  const onlyPart = Object.values(search).filter((value) => value !== undefined).length === 1 ? parts[0] : undefined;
  if (onlyPart !== undefined) {
    return atMost(await countRows(executor, sql`${onlyPart(countLimit + 1)}`));
  }
  const few = (await fewestCandidates(executor, parts)) ?? (await rareByName(executor, search));
  if (few !== null) {
    const matching = sql`select d.id from (${few}) c(candidate) cross join lateral (
      select * from ${downloads} d where d.id = c.candidate offset 0) d where ${searchCondition(search) ?? sql`true`}`;
    return atMost(await countRows(executor, matching));
  }
  const walked = await walkDownloads(executor, { search, order: 'newest', after: undefined, budget, limit: 0 });
  return walked.ended && walked.matched <= countLimit
    ? { value: walked.matched, exact: true }
    : { value: Math.min(walked.matched, countLimit), exact: false };
}

/** Looked up by the text of the name only where it is not frequent: else that alone would read most names. */
async function rareByName(executor: Executor, search: ResolvedSearch): ReturnType<typeof fewestCandidates> {
  const named = namedCandidates(search.q);
  if (named === null) return null;
  const sample = await walkDownloads(executor, {
    search: { q: search.q },
    order: 'newest',
    after: undefined,
    budget: sampleRows,
    limit: 0,
  });
  return sample.matched > sampleRows / 100 ? null : fewestCandidates(executor, [named]);
}

async function countRows(executor: Executor, rows: ReturnType<typeof sql>): Promise<number> {
  const [row] = await executor.execute<{ count: number }>(sql`select count(*)::int as count from (${rows}) counted`);
  return row?.count ?? 0;
}

const atMost = (count: number): DownloadCount => ({ value: Math.min(count, countLimit), exact: count <= countLimit });
