import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

/** What was asked for in a fault, and answered. */
export interface Accepted {
  /** Ids of the downloads, by the key under which they were asked for. */
  ids: Map<string, string>;
  /** Calls beyond the first of each: what a client did again. */
  repeats: number;
}

export interface LoadOptions {
  /** What every key and name begins with. */
  label: string;
  count: number;
  /** Clients that ask at a time, each one after the other. */
  clients?: number;
  /** Which of the requesters' requests are like this; by default all sorts of small ones. */
  body?(random: Random, stage: Stage): Partial<DownloadRequestJson>;
  /** Nobody asks while so many downloads are under way. */
  mostOpen?: number;
  /** Asked before each request: whether there have been enough. */
  enough?(): boolean;
  /** Called after each answer. */
  onAccepted?(id: string): void;
}

/** Small archives of every sort: streamed and packed. */
export function smallRequest(random: Random, { assets }: Stage): Partial<DownloadRequestJson> {
  const format = random.pick(['zip', 'zip', 'zip', 'tar', 'tar.gz'] as const);
  return { format, assetIds: random.sample(assets.small, random.integer(2, 5)) };
}

/** Archives of some 15 to 30 MB that take a moment to pack. */
export function largeRequest(random: Random, { assets }: Stage): Partial<DownloadRequestJson> {
  const format = random.pick(['zip', 'zip', 'tar', 'tar.gz'] as const);
  return { format, assetIds: [...random.sample(assets.large, random.integer(2, 3)), random.pick(assets.small)] };
}

/** Requests so many downloads, as clients do that try again until they are answered. */
export async function requestDownloads(
  stage: Stage,
  random: Random,
  { label, count, clients = 8, body = smallRequest, mostOpen, enough, onAccepted }: LoadOptions,
): Promise<Accepted> {
  const accepted: Accepted = { ids: new Map(), repeats: 0 };
  // Decided before anybody calls, so that it follows from the seed and not from who is answered first.
  const wanted = Array.from({ length: count }, (_, index) => ({
    key: `${label}-${index}`,
    requester: random.pick(stage.requesters),
    body: { notify: { email: true, to: [] }, ...body(random, stage) },
  }));
  const next = wanted.values();
  await Promise.all(
    Array.from({ length: Math.min(clients, count) }, async () => {
      for (const { key, requester, body } of next) {
        if (mostOpen !== undefined) await until(async () => (await countOpen(stage)) < mostOpen, { withinMs: 60_000 });
        if (enough?.()) return;
        const { id, attempts } = await requester.request({ assetIds: [], ...body, name: key }, key);
        accepted.ids.set(key, id);
        accepted.repeats += attempts - 1;
        onAccepted?.(id);
      }
    }),
  );
  return accepted;
}

/** Downloads that are not in a final state; as many as can be where the database cannot say. */
export async function countOpen({ db }: Stage): Promise<number> {
  const answer = db.orm.execute<{ open: number }>(
    "select count(*)::int as open from downloads where state in ('requested', 'queued', 'gathering', 'packing')",
  );
  return answer.then(
    ([row]) => row!.open,
    () => Number.POSITIVE_INFINITY,
  );
}
