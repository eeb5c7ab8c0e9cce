import type { App } from '../api-deps.ts';

/** One line for each answer, by the route's pattern: addresses would bring link tokens into the log. */
export function logRequests(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        userId: request.actor?.id,
      },
      'answered',
    );
  });
}
