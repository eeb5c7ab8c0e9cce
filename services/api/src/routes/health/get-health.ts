import type { ApiRoute } from '../../api-deps.ts';

/** Whether the process answers at all. */
export const getHealth: ApiRoute = (app) => {
  const schema = { tags: ['operations'], summary: 'Whether the process answers', security: [] };
  app.get('/healthz', { schema }, async () => ({ status: 'ok' }));
};
