import type { OverviewJson } from '@sheaf/contract/overview';
import type { Executor } from '@sheaf/db/database';
import { countFailures } from '@sheaf/db/overview/count-failures';
import { countWorkers } from '@sheaf/db/overview/count-workers';
import { findOldestWaiting } from '@sheaf/db/overview/find-oldest-waiting';
import { findWhatThereIs } from '@sheaf/db/overview/find-what-there-is';
import { listBiggestTakers, type Taker } from '@sheaf/db/overview/list-biggest-takers';
import { listQueueSettings } from '@sheaf/db/queues/queue-settings';
import { readQueueDepths } from '@sheaf/db/queues/read-queue-depths';
import { readMeasures } from '@sheaf/db/rollups/read-measures';
import { readStorageCare } from '@sheaf/db/storage-care/read-storage-care';
import type { TimeRange } from '@sheaf/domain/time-range';
import { activitySeries } from './activity-series.ts';
import { histogramSeconds, sumOf } from './measure-sums.ts';
import { readStorageTrend } from './storage-trend.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * What an administrator wants to know first. Everything comes from indexes of what is open and from rollups: it takes as
 * long with a million downloads as with ten thousand. `executor` should be one that prepares.
 */
export async function readOverview(
  executor: Executor,
  { range, now }: { range: TimeRange; now: Date },
): Promise<OverviewJson> {
  const hourAgo = new Date(now.getTime() - hourMs);
  const dayAgo = new Date(now.getTime() - dayMs);
  const [depths, oldest, hour, failures, promises, workers, settings, storage, takers, catalogue, series, care] =
    await Promise.all([
      readQueueDepths(executor),
      findOldestWaiting(executor),
      readMeasures(executor, { resolution: 'minute', measures: hourMeasures, from: hourAgo }),
      countFailures(executor, hourAgo),
      readMeasures(executor, { resolution: 'quarter', measures: ['eta-error'], from: dayAgo }),
      countWorkers(executor),
      listQueueSettings(executor),
      readStorageTrend(executor, now),
      listBiggestTakers(executor, dayAgo),
      findWhatThereIs(executor),
      activitySeries(executor, { range, now }),
      readStorageCare(executor),
    ]);
  return {
    at: now.toISOString(),
    waiting: {
      downloads: depths.get('gather')?.waiting ?? 0,
      oldest: oldest && {
        id: oldest.id,
        name: oldest.name,
        since: oldest.since.toISOString(),
        seconds: Math.max(0, (now.getTime() - oldest.since.getTime()) / 1_000),
      },
    },
    running: { downloads: (depths.get('gather')?.running ?? 0) + (depths.get('pack')?.running ?? 0) },
    lastHour: {
      requested: sumOf(hour, 'requested'),
      ready: sumOf(hour, 'ready'),
      failed: sumOf(hour, 'failed'),
      cancelled: sumOf(hour, 'cancelled'),
      bytes: sumOf(hour, 'bytes'),
      readyP50Seconds: histogramSeconds(hour, 'time-to-ready', 0.5),
      readyP95Seconds: histogramSeconds(hour, 'time-to-ready', 0.95),
      failures,
    },
    etaAccuracy: {
      predictions: sumOf(promises, 'eta-error'),
      errorP50Seconds: histogramSeconds(promises, 'eta-error', 0.5),
      errorP95Seconds: histogramSeconds(promises, 'eta-error', 0.95),
    },
    workers,
    pausedQueues: settings.filter(({ pausedAt }) => pausedAt !== null).map(({ name }) => name),
    storage:
      storage.measuredAt === null
        ? null
        : {
            measuredAt: storage.measuredAt.toISOString(),
            usedBytes: storage.usedBytes,
            freeBytes: storage.facts?.disk?.freeBytes ?? null,
            growthBytesPerDay: storage.growthBytesPerDay,
            daysUntilFull: storage.daysUntilFull,
          },
    care: {
      faultyFiles: care.missing + care.corrupt,
      lastVerifiedAt: care.lastVerifiedAt?.toISOString() ?? null,
      verifiedBytes: care.verifiedBytes,
    },
    takers: {
      since: dayAgo.toISOString(),
      requesters: takers.filter(({ kind }) => kind === 'requester').map(takerJson),
      groups: takers.filter(({ kind }) => kind === 'group').map(takerJson),
    },
    catalogue,
    series,
  };
}

const hourMeasures = ['requested', 'ready', 'failed', 'cancelled', 'bytes', 'time-to-ready'];

function takerJson({ id, name, downloads, bytes }: Taker) {
  return { id, name, downloads, bytes };
}
