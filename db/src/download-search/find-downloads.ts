import { type SQL, sql } from 'drizzle-orm';
import type { Database, Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { asPlanned } from './as-planned.ts';
import {
  type Candidates,
  candidatesOf,
  fewCandidates,
  fewestCandidates,
  keysOf,
  namedCandidates,
} from './candidates.ts';
import { type DownloadSearch, type ResolvedSearch, searchCondition } from './download-search.ts';
import { resolveSearch } from './resolve-search.ts';
import { beyond, byKey, orderColumns, type Place, type SearchOrder } from './search-order.ts';
import { text, walkDownloads } from './walk-downloads.ts';

export interface DownloadPageQuery {
  search: DownloadSearch;
  order: SearchOrder;
  /** The `next` of the page before. */
  after?: Place | undefined;
  limit: number;
}

export interface FoundDownloads {
  ids: string[];
  /** Where to go on; null at the end. */
  next: Place | null;
  /** Set where the search stopped before the page was full: everything up to here was looked at. */
  searchedTo: Place | null;
}

/** Rows looked at in turn, each time only if the page is not full yet, and candidates that are few enough to sort. */
export interface SearchBounds {
  looks: readonly [first: number, second: number, third: number];
  few: number;
}

/** In the order of creation downloads lie side by side; in every other one, each is on a page of its own. */
const sideBySide: SearchBounds = { looks: [500, 2_000, 4_000], few: fewCandidates };
const scattered: SearchBounds = { looks: [300, 700, 1_500], few: fewCandidates };

function usualBounds(search: ResolvedSearch, order: SearchOrder): SearchBounds {
  return order === 'newest' && keysOf(search).length === 0 ? sideBySide : scattered;
}

/**
 * One page of what a search finds, at a cost that no combination of its parts can raise above some 7,000 rows looked
 * at. Where PostgreSQL is left to choose, `where … order by … limit` goes through all downloads for a combination that
 * it believes to be frequent and that is not. So the page is sought in steps, each with its own bound: the first rows in
 * the order; if these do not fill it, the rarest part of the search, where it allows but few; else more rows in the
 * order. Where even those do not fill it the page is given as it is, with the place to go on from.
 */
export async function findDownloads(
  db: Pick<Database, 'transaction'>,
  query: DownloadPageQuery,
  bounds?: SearchBounds,
): Promise<FoundDownloads> {
  return asPlanned(db, (executor) => find(executor, query, bounds));
}

async function find(
  executor: Executor,
  query: DownloadPageQuery,
  bounds: SearchBounds | undefined,
): Promise<FoundDownloads> {
  const search = await resolveSearch(executor, query.search);
  if (search === null) return { ids: [], next: null, searchedTo: null };
  const { looks, few } = bounds ?? usualBounds(search, query.order);
  const page = new PageInProgress(query.limit, query.after);

  const look = async (budget: number) => {
    const walk = { search, order: query.order, after: page.position, budget, limit: page.missing };
    page.add(await walkDownloads(executor, walk));
    return page.full;
  };
  const lookUp = async (parts: readonly Candidates[]) => {
    const candidates = await fewestCandidates(executor, parts, few);
    if (candidates === null) return false;
    const rest = { ...query, after: page.position, limit: page.missing };
    page.end(await sortCandidates(executor, search, candidates, rest));
    return true;
  };

  if (await look(looks[0])) return page.found();
  if (await lookUp(candidatesOf(search))) return page.found();
  if (await look(looks[1])) return page.found();
  const named = namedCandidates(search.q);
  if (named !== null && (await lookUp([named]))) return page.found();
  await look(looks[2]);
  return page.found();
}

/** Those of few candidates that match, in the order. Each is looked up by its id: there is no other plan for it. */
async function sortCandidates(
  executor: Executor,
  search: ResolvedSearch,
  candidates: SQL,
  { order, after, limit }: Omit<DownloadPageQuery, 'search'>,
): Promise<Place[]> {
  const columns = orderColumns[order];
  return executor.execute<{ key: string; id: string }>(sql`
    with candidates(candidate) as materialized (${candidates}),
    matches as (
      select d.id, d.${columns.column} as key from candidates c cross join lateral (
        select * from ${downloads} d where d.id = c.candidate offset 0) d
      where ${searchCondition(search) ?? sql`true`} and ${columns.only} and ${beyond(columns, after)}
    )
    select ${text('key', { order })} as key, id from matches
    order by ${byKey(columns, 'matches')} limit ${limit}`);
}

/** Collects a page and one row more, which only says that there are more. */
class PageInProgress {
  readonly #limit: number;
  readonly #places: Place[] = [];
  position: Place | undefined;
  #ended = false;

  constructor(limit: number, after: Place | undefined) {
    this.#limit = limit;
    this.position = after;
  }

  get missing(): number {
    return this.#limit + 1 - this.#places.length;
  }

  get full(): boolean {
    return this.#ended || this.missing <= 0;
  }

  add({ matches, last, ended }: { matches: Place[]; last: Place | null; ended: boolean }): void {
    this.#places.push(...matches);
    if (last !== null) this.position = last;
    this.#ended = ended;
  }

  end(matches: Place[]): void {
    this.#places.push(...matches);
    this.#ended = true;
  }

  found(): FoundDownloads {
    const shown = this.#places.slice(0, this.#limit);
    const ids = shown.map(({ id }) => id);
    if (this.missing <= 0) return { ids, next: shown.at(-1) ?? null, searchedTo: null };
    const stopped = this.#ended ? null : (this.position ?? null);
    return { ids, next: stopped, searchedTo: stopped };
  }
}
