import { visibilitySimulationSchema, visibilityTrialSchema } from '@sheaf/contract/visibility-simulation';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import type { ApiRoute } from '../../api-deps.ts';
import { requireReader } from '../../current-user.ts';
import { simulateVisibility } from '../../use-cases/simulate-visibility.ts';
import { configurationOf } from '../../use-cases/visibility-json.ts';

export const postVisibilitySimulation: ApiRoute = (app, { db, clock }) => {
  app.post(
    '/admin/visibility/simulate',
    {
      onRequest: requireReader,
      config: { auditorMay: true },
      schema: {
        tags: ['administration'],
        summary: 'What a configuration would have changed in the last downloads; changes nothing',
        description:
          'Each is decided for its requester as of now, under the configuration in force and the proposed one. What `configuration` leaves out is as in force.',
        body: visibilityTrialSchema,
        response: { 200: visibilitySimulationSchema },
      },
    },
    async (request) => {
      const { configuration, last = 50 } = request.body;
      const inForce = (await readVisibility(db.orm)).configuration;
      return simulateVisibility(db.orm, { proposed: configurationOf(configuration, inForce), last, now: clock() });
    },
  );
};
