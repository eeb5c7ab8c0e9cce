import { AppError } from '@sheaf/domain/app-error';
import type { ApiRoute } from '../../api-deps.ts';

/** Longest that one thing may take to answer. */
const patienceMs = 3_000;

/** Whether the API can do its work: 200, or 503 with what does not answer. */
export const getReadiness: ApiRoute = (app, { db, storage, queue }) => {
  const checks: Record<string, () => Promise<void>> = {
    database: () => db.ping(),
    storage: () => storage.check(),
    ...(queue ? { queue: () => queue.ping() } : {}),
  };
  app.get('/readyz', { schema: { hide: true } }, async (request, reply) => {
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

async function withinPatience(check: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('service.unavailable', 'No answer in time.')), patienceMs);
  });
  try {
    await Promise.race([check, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
