import { downloadRequestSchema } from '@sheaf/contract/download-request';
import { preflightQuerySchema, preflightSchema } from '@sheaf/contract/preflight';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { preflightDownload } from '../../use-cases/preflight-download.ts';
import { requestBodyLimit } from './request-body-limit.ts';

export const postPreflight: ApiRoute = (app, { db, clock }) => {
  app.post(
    '/downloads/preflight',
    {
      onRequest: requireActor,
      config: { auditorMay: true },
      bodyLimit: requestBodyLimit,
      schema: {
        tags: ['downloads'],
        summary: 'The decision about a request, without making it',
        querystring: preflightQuerySchema,
        body: downloadRequestSchema,
        response: { 200: preflightSchema },
      },
      // Compiled serialisation of these unions takes several times as long, which 25,000 outcomes make felt.
      serializerCompiler: () => JSON.stringify,
    },
    (request) => {
      const { body, query } = request;
      const shown = query.outcomes ?? 'all';
      return preflightDownload(db.orm, { actor: currentUser(request), body, shown, now: clock() });
    },
  );
};
