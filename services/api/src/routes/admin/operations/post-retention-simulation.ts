import { retentionEffectSchema, retentionSimulationRequestSchema } from '@sheaf/contract/retention';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { simulateRetention } from '../../../use-cases/change-retention.ts';

export const postRetentionSimulation: ApiRoute = (app, { db, clock }) => {
  app.post(
    '/admin/retention/simulation',
    {
      onRequest: requireReader,
      config: { auditorMay: true },
      schema: {
        tags: ['administration'],
        summary: 'What a retention would end and remove at once; changes nothing',
        body: retentionSimulationRequestSchema,
        response: { 200: retentionEffectSchema },
      },
    },
    (request) => simulateRetention(db.orm, { retention: request.body.retention, now: clock() }),
  );
};
