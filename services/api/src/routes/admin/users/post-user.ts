import { userFieldsSchema, userSchema } from '@sheaf/contract/user';
import { hashPassword } from 'better-auth/crypto';
import { answerOnce } from '../../../answer-once.ts';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { addUser } from '../../../use-cases/add-user.ts';
import { changeOf } from '../change-of.ts';

export const postUser: ApiRoute = (app, deps) => {
  app.post(
    '/admin/users',
    {
      onRequest: requireRole('administrator'),
      config: { idempotent: true, documented: { 409: documentedProblem('The email address is taken') } },
      schema: {
        tags: ['administration'],
        summary: 'Make a user',
        body: userFieldsSchema,
        response: { 201: userSchema },
      },
    },
    async (request, reply) => {
      const { password, ...fields } = request.body;
      // Before the transaction: it takes a tenth of a second on purpose.
      const passwordHash = password === undefined ? null : await hashPassword(password);
      return answerOnce(
        deps,
        request,
        reply,
        async (tx) => {
          const body = await addUser(tx, { ...fields, passwordHash }, changeOf(request, deps));
          return { status: 201, headers: { location: `/api/v1/admin/users/${body.id}` }, body };
        },
        // A quick hash of a password is not to be kept.
        { body: { ...fields, password: password !== undefined } },
      );
    },
  );
};
