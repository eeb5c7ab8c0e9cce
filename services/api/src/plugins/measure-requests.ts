import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { App } from '../api-deps.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its answer goes on for as long as the caller wants. */
    lasting?: boolean;
  }
}

/** Bounds in seconds: lookups take milliseconds, archives as long as their reader's line. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

/**
 * Counts and times the answers of every route that is added after it, by the route's pattern: addresses would bring
 * link tokens into the labels, and a series for each. What no route serves is `unmatched`.
 *
 * Returns the registry, with the metrics of the process too: of this application alone, there may be others.
 */
export function measureRequests(app: App): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
    name: 'sheaf_http_requests_total',
    help: 'Answered requests.',
    labelNames,
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'sheaf_http_request_duration_seconds',
    help: 'From the arrival of a request to the last byte of its answer.',
    labelNames: ['method', 'route'] as const,
    buckets,
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'unmatched' };
    requests.inc({ ...labels, status: reply.statusCode });
    // Those that last for as long as somebody looks say nothing of how fast answers are.
    if (!request.routeOptions.config.lasting) durations.observe(labels, reply.elapsedTime / 1_000);
  });
  return registry;
}
