import { apiTokenFieldsSchema, newApiTokenSchema } from '@sheaf/contract/api-token';
import { insertApiToken } from '@sheaf/db/users/api-tokens';
import { hashSecretToken, newSecretToken } from '@sheaf/runtime/secret-token';
import { answerOnce } from '../../answer-once.ts';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { invalidInput, parseOptionalTime } from '../../schema-validator.ts';
import { apiTokenJson } from './api-token-json.ts';

export const postToken: ApiRoute = (app, deps) => {
  app.post(
    '/me/tokens',
    {
      onRequest: requireActor,
      config: { idempotent: true, auditorMay: true },
      schema: {
        tags: ['me'],
        summary: 'Make a personal API token, which is shown this once',
        body: apiTokenFieldsSchema,
        response: { 201: newApiTokenSchema },
      },
    },
    (request, reply) => {
      const createdAt = deps.clock();
      const expiresAt = parseOptionalTime(request.body.expiresAt, '/expiresAt') ?? null;
      if (expiresAt && expiresAt <= createdAt) throw invalidInput([{ path: '/expiresAt', message: 'is in the past' }]);
      return answerOnce(
        deps,
        request,
        reply,
        async (tx) => {
          const token = newSecretToken();
          const row = await insertApiToken(tx, {
            userId: currentUser(request).id,
            name: request.body.name,
            tokenHash: hashSecretToken(token),
            expiresAt,
            createdAt,
          });
          return { status: 201, body: { ...apiTokenJson(row), token } };
        },
        { secret: true },
      );
    },
  );
};
