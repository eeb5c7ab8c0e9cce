import { visibilityExplanationSchema, visibilityQuestionSchema } from '@sheaf/contract/visibility-explanation';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import type { ApiRoute } from '../../api-deps.ts';
import { requireReader } from '../../current-user.ts';
import { explainVisibility } from '../../use-cases/explain-visibility.ts';
import { configurationOf } from '../../use-cases/visibility-json.ts';

export const postVisibilityExplanation: ApiRoute = (app, { db, clock }) => {
  app.post(
    '/admin/visibility/explain',
    {
      onRequest: requireReader,
      config: { auditorMay: true },
      schema: {
        tags: ['administration'],
        summary: 'Which files of an asset a user may have, and what decides it',
        description: 'What `configuration` leaves out is as in force.',
        body: visibilityQuestionSchema,
        response: { 200: visibilityExplanationSchema },
      },
    },
    async (request) => {
      const { userId, assetId, configuration } = request.body;
      const proposed =
        configuration === undefined
          ? null
          : configurationOf(configuration, (await readVisibility(db.orm)).configuration);
      return explainVisibility(db.orm, { userId, assetId, proposed, now: clock() });
    },
  );
};
