import type { ApiRoute } from '../../api-deps.ts';

/** Whether the process answers at all. */
export const getHealth: ApiRoute = (app) => {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
};
