import type { ApiRoute } from '../../api-deps.ts';
import { withinPatience } from './within-patience.ts';

const json = { content: { 'application/json': {} } };

/** Whether the API can do its work: 200, or 503 with what does not answer. */
export const getReadiness: ApiRoute = (app, { db, storage, queue }) => {
  const checks: Record<string, () => Promise<void>> = {
    database: () => db.ping(),
    storage: () => storage.check(),
    ...(queue ? { queue: () => queue.ping() } : {}),
  };
  const options = {
    schema: { tags: ['operations'], summary: 'Whether the API can do its work', security: [] },
    config: {
      documented: {
        200: { description: 'It can', ...json },
        503: { description: 'It cannot: what does not answer', ...json },
      },
    },
  };
  app.get('/readyz', options, async (request, reply) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        try {
          await withinPatience(check());
          return [name, 'ok'] as const;
        } catch (error) {
          request.log.warn({ err: error, check: name }, 'not ready');
          return [name, 'unavailable'] as const;
        }
      }),
    );
    const ready = results.every(([, state]) => state === 'ok');
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(results) });
  });
};
