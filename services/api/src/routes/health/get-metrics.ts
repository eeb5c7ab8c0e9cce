import { type Metrics, readMetrics } from '@sheaf/db/metrics/read-metrics';
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
          registries.push(toGauges(await withinPatience(readMetrics(db.orm))));
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
function toGauges(metrics: Metrics): Registry {
  const registers = [new Registry()] as const;
  const downloads = new Gauge({
    name: 'sheaf_downloads',
    help: 'Downloads in each state.',
    labelNames: ['state'] as const,
    registers: [...registers],
  });
  for (const [state, count] of Object.entries(metrics.downloads)) downloads.set({ state }, count);
  const plain: [name: string, help: string, value: number][] = [
    ['sheaf_outbox_rows', 'Jobs asked for that the queue does not have yet.', metrics.outboxRows],
    ['sheaf_notifications_pending', 'Notifications that are not delivered yet.', metrics.pendingNotifications],
    ['sheaf_workers_alive', 'Workers heard of within the last minute.', metrics.aliveWorkers],
  ];
  for (const [name, help, value] of plain) new Gauge({ name, help, registers: [...registers] }).set(value);
  return registers[0];
}
