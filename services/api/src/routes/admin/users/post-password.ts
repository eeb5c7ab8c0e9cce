import { newPasswordSchema } from '@sheaf/contract/user';
import { generatePassword } from '@sheaf/runtime/generate-password';
import { hashPassword } from 'better-auth/crypto';
import { answerOnce } from '../../../answer-once.ts';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { resetPassword } from '../../../use-cases/reset-password.ts';
import { idParamsSchema } from '../../id-params.ts';
import { changeOf } from '../change-of.ts';

export const postPassword: ApiRoute = (app, deps) => {
  app.post(
    '/admin/users/:id/password',
    {
      onRequest: requireRole('administrator'),
      config: { idempotent: true, documented: { 409: documentedProblem('It is your own') } },
      schema: {
        tags: ['administration'],
        summary: "Give a user a generated password, which is shown this once, and end the user's sessions",
        params: idParamsSchema,
        response: { 201: newPasswordSchema },
      },
    },
    async (request, reply) => {
      const password = generatePassword();
      // Before the transaction: it takes a tenth of a second on purpose.
      const passwordHash = await hashPassword(password);
      return answerOnce(
        deps,
        request,
        reply,
        async (tx) => {
          await resetPassword(tx, { userId: request.params.id, passwordHash }, changeOf(request, deps));
          return { status: 201, body: { password } };
        },
        { secret: true },
      );
    },
  );
};
