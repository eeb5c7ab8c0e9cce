import { type ChangeListener, type ChangeTopic, changeTopics, listenToChanges } from '@sheaf/db/changes/change-notices';
import { type ChangePoint, readDownloadChanges } from '@sheaf/db/changes/read-download-changes';
import type { Database } from '@sheaf/db/database';
import type { DownloadView } from '@sheaf/db/downloads/download-view';
import { listDueDownloads } from '@sheaf/db/downloads/list-due-downloads';
import { loadDownloadViews } from '@sheaf/db/downloads/load-download-views';
import type { Clock } from '@sheaf/runtime/clock';
import type { Logger } from '@sheaf/runtime/logger';
import { createQueueWatch } from './queue-watch.ts';
import { createWatches, type Watch } from './watches.ts';

export interface LiveHub {
  /** Resolves once every change from here on is told. */
  add(watch: Watch): Promise<void>;
  remove(watch: Watch): void;
  /** Views that a watch was given otherwise: their places in the queue are told from now on. */
  noteShown(views: readonly DownloadView[]): void;
  /** Ends every stream, and whatever else is open. */
  close(): Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    liveHub: LiveHub;
  }
}

export interface LiveHubDeps {
  db: Database;
  clock: Clock;
  logger: Logger;
}

/** Longest between a change and the statement that reads it; shortest between two such statements. */
const coalesceMs = 40;
/** How often what no change announces is looked at: ends that pass, places in the queue. */
const tickMs = 1_000;
/** Ticks between two looks for changes without having been told of any. */
const ticksPerPoll = 5;
/** Administrators' screens read whole lists anew. */
const topicsMs = 500;
/** Changes told one by one; of more at once, watches are only told that they missed some. */
const mostAtOnce = 1_000;

/**
 * Reads changes from the tables, once for all streams of this process. PostgreSQL's NOTIFY only says when to look: what
 * is read are the transactions since the last look, so that nothing that gets lost on the way is missed for more than
 * a few seconds.
 */
export function createLiveHub({ db, clock, logger }: LiveHubDeps): LiveHub {
  const watches = createWatches();
  const queue = createQueueWatch();
  let point: ChangePoint | null = null;
  let starting: Promise<void> | null = null;
  let subscription: { unlisten(): Promise<void> } | null = null;
  let reading: Promise<void> | null = null;
  let wanted = false;
  let closed = false;
  let ticks = 0;
  let dueUntil: Date | null = null;
  let timers: NodeJS.Timeout[] = [];
  const topics = new Set<ChangeTopic>();

  const listener: ChangeListener = {
    onTopics(changed) {
      for (const topic of changed) topics.add(topic);
      if (changed.includes('queues')) queue.moved();
      if (changed.includes('downloads')) wake();
    },
    onAccess: (userId) => watches.ofUser(userId).forEach((watch) => void watch.onAccess()),
    onSubscribed() {
      for (const topic of changeTopics) topics.add(topic);
      wake();
    },
  };

  function wake(): void {
    wanted = true;
    if (reading !== null || closed) return;
    reading = readAndTell().finally(() => {
      reading = null;
      if (wanted) wake();
    });
  }

  async function readAndTell(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, coalesceMs));
    wanted = false;
    if (watches.size() === 0) point = null;
    if (point === null) return;
    await attempt('changes', async () => {
      const found = await readDownloadChanges(db.prepared, { since: point, limit: mostAtOnce });
      if (found.changed.length > mostAtOnce) {
        for (const watch of watches.all()) watch.onMissed(found.cursor);
      } else {
        await tell(found.changed, found.cursor);
      }
      point = found.point;
    });
  }

  /** Reads what somebody watches, and gives it to whoever does. */
  async function tell(changed: readonly { id: string; requesterId: string }[], cursor: string | null): Promise<void> {
    const ids = changed.filter((download) => watches.of(download).length > 0).map(({ id }) => id);
    const views = await loadDownloadViews(db.orm, ids);
    queue.note(views);
    for (const view of views) {
      const ref = { id: view.id, requesterId: view.requester.id };
      for (const watch of watches.of(ref)) watch.onView(view, cursor);
    }
  }

  function tick(): void {
    ticks += 1;
    if (watches.size() === 0) {
      dueUntil = null;
      return;
    }
    if (ticks % ticksPerPoll === 0) {
      if (subscription === null) void listen();
      wake();
    }
    void attempt('ends', async () => {
      const now = clock();
      const due = await listDueDownloads(db.prepared, { after: dueUntil, until: now, limit: mostAtOnce });
      await tell(due, null);
      dueUntil = now;
    });
    void attempt('places in the queue', () => queue.refresh((ids) => loadDownloadViews(db.orm, ids), watches));
  }

  function tellTopics(): void {
    if (topics.size === 0) return;
    const told = [...topics];
    topics.clear();
    for (const watch of watches.all()) watch.onTopics(told);
  }

  async function attempt(what: string, work: () => Promise<void>): Promise<void> {
    if (closed) return;
    try {
      await work();
    } catch (err) {
      logger.warn({ err }, `live events: ${what} could not be read`);
    }
  }

  async function listen(): Promise<void> {
    await attempt('notices', async () => {
      subscription = await listenToChanges(db, listener);
    });
  }

  async function start(): Promise<void> {
    if (timers.length === 0) {
      timers = [setInterval(tick, tickMs), setInterval(tellTopics, topicsMs)];
      await listen();
    }
    dueUntil ??= clock();
    point ??= (await readDownloadChanges(db.prepared, { since: null, limit: 0 })).point;
  }

  return {
    async add(watch) {
      watches.add(watch);
      starting ??= start().finally(() => {
        starting = null;
      });
      await starting;
    },
    remove: (watch) => watches.remove(watch),
    noteShown: (views) => queue.note(views),
    async close() {
      closed = true;
      for (const timer of timers) clearInterval(timer);
      for (const watch of watches.all()) watch.onClose();
      await reading;
      await subscription?.unlisten().catch((err: unknown) => logger.warn({ err }, 'live events: still listening'));
    },
  };
}
