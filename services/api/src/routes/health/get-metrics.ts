import { type Metrics, readMetrics } from '@sheaf/db/metrics/read-metrics';
import { readStorageCare, type StorageCare } from '@sheaf/db/storage-care/read-storage-care';
import { Gauge, Registry } from 'prom-client';
import type { ApiRoute } from '../../api-deps.ts';
import { withinPatience } from './within-patience.ts';

/**
 * `/metrics` in the Prometheus text format: `ownMetrics` and what the tables hold at this moment. Without the database
 * the latter are absent, not zero. Open to everybody who reaches it: counts only, no names.
 */
export function getMetrics(ownMetrics: Registry): ApiRoute {
  return (app, { db }) => {
    app.get(
      '/metrics',
      {
        schema: {
          tags: ['operations'],
          summary: 'Counts and durations in the Prometheus text format',
          security: [],
        },
        config: { documented: { 200: { description: 'Metrics', content: { 'text/plain': {} } } } },
      },
      async (request, reply) => {
        const registries = [ownMetrics];
        try {
          const read = Promise.all([readMetrics(db.orm), readStorageCare(db.orm)]);
          registries.push(toGauges(...(await withinPatience(read))));
        } catch (error) {
          request.log.warn({ err: error }, 'metrics without those of the database');
        }
        return reply
          .header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
          .header('cache-control', 'no-store')
          .send(await Registry.merge(registries).metrics());
      },
    );
  };
}

/** In a registry of their own, so that no scrape shows the counts of another. */
function toGauges(metrics: Metrics, care: StorageCare): Registry {
  const registers = [new Registry()] as const;
  const downloads = new Gauge({
    name: 'sheaf_downloads',
    help: 'Downloads in each state.',
    labelNames: ['state'] as const,
    registers: [...registers],
  });
  for (const [state, count] of Object.entries(metrics.downloads)) downloads.set({ state }, count);
  const faulty = new Gauge({
    name: 'sheaf_blobs_faulty',
    help: 'Stored files that are missing or damaged.',
    labelNames: ['fault'] as const,
    registers: [...registers],
  });
  for (const fault of ['missing', 'corrupt'] as const) faulty.set({ fault }, care[fault]);
  const seconds = (at: Date | null) => (at === null ? 0 : at.getTime() / 1_000);
  const plain: [name: string, help: string, value: number][] = [
    ['sheaf_outbox_rows', 'Jobs asked for that the queue does not have yet.', metrics.outboxRows],
    ['sheaf_notifications_pending', 'Notifications that are not delivered yet.', metrics.pendingNotifications],
    ['sheaf_workers_alive', 'Workers heard of within the last minute.', metrics.aliveWorkers],
    ['sheaf_blobs_verified_files', 'Stored files that were read again and found whole.', care.verifiedFiles],
    ['sheaf_blobs_verified_bytes', 'Bytes of those.', care.verifiedBytes],
    ['sheaf_blob_faults_found', 'Faults of stored files that were found, by whoever read them.', care.faultsFound],
    ['sheaf_blobs_last_verified_seconds', 'When one was last found whole; 0: never.', seconds(care.lastVerifiedAt)],
    [
      'sheaf_blobs_all_verified_since_seconds',
      'Every one was stored or verified since; 0: none is stored.',
      seconds(care.allVerifiedSince),
    ],
    ['sheaf_blobs_removed_files', 'Unused stored files that were removed.', care.removedFiles],
    ['sheaf_blobs_removed_bytes', 'Bytes of those.', care.removedBytes],
  ];
  for (const [name, help, value] of plain) new Gauge({ name, help, registers: [...registers] }).set(value);
  return registers[0];
}
