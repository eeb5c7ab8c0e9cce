import type { QueueJson } from '@sheaf/contract/queue';
import type { Executor } from '@sheaf/db/database';
import { listQueueSettings, type QueueSettings } from '@sheaf/db/queues/queue-settings';
import { readQueueDepths } from '@sheaf/db/queues/read-queue-depths';
import { readMeasures } from '@sheaf/db/rollups/read-measures';
import { queueNames } from '@sheaf/domain/queue-name';
import { histogramSeconds, sumOf } from './measure-sums.ts';

const hourMs = 3_600_000;

/** Each queue as our own tables have it, with the last hour's rates and latencies. */
export async function readQueues(executor: Executor, now: Date): Promise<QueueJson[]> {
  const measures = queueNames.flatMap((name) => [`run:${name}`, `failed:${name}`, `wait:${name}`]);
  const [depths, settings, hour] = await Promise.all([
    readQueueDepths(executor),
    listQueueSettings(executor),
    readMeasures(executor, { resolution: 'minute', measures, from: new Date(now.getTime() - hourMs) }),
  ]);
  const settingsOf = new Map(settings.map((row) => [row.name, row]));
  return queueNames.map((name) => {
    const { oldestAt = null, ...depth } = depths.get(name) ?? { waiting: 0, running: 0, scheduled: 0 };
    const jobs = sumOf(hour, `run:${name}`);
    return {
      name,
      depth,
      oldestSeconds: oldestAt && Math.max(0, (now.getTime() - oldestAt.getTime()) / 1_000),
      lastHour: {
        jobs,
        failed: sumOf(hour, `failed:${name}`),
        perMinute: jobs / 60,
        waitP50Seconds: histogramSeconds(hour, `wait:${name}`, 0.5),
        waitP95Seconds: histogramSeconds(hour, `wait:${name}`, 0.95),
        runP50Seconds: histogramSeconds(hour, `run:${name}`, 0.5),
        runP95Seconds: histogramSeconds(hour, `run:${name}`, 0.95),
      },
      paused: pausedJson(settingsOf.get(name)),
      concurrency: settingsOf.get(name)?.concurrency ?? null,
    };
  });
}

function pausedJson(settings: QueueSettings | undefined): QueueJson['paused'] {
  if (!settings?.pausedAt) return null;
  return { since: settings.pausedAt.toISOString(), by: settings.pausedBy, reason: settings.pauseReason ?? '' };
}
