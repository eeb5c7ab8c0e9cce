import { newUserSchema, userFieldsSchema } from '@sheaf/contract/user';
import { generatePassword } from '@sheaf/runtime/generate-password';
import { hashPassword } from 'better-auth/crypto';
import { answerOnce } from '../../../answer-once.ts';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireRole } from '../../../current-user.ts';
import { oidcConfiguration } from '../../../oidc/oidc-configuration.ts';
import { documentedProblem } from '../../../plugins/open-api.ts';
import { addUser } from '../../../use-cases/add-user.ts';
import { changeOf } from '../change-of.ts';

export const postUser: ApiRoute = (app, deps) => {
  const byPasswordOnly = oidcConfiguration(deps.settings) === null;
  app.post(
    '/admin/users',
    {
      onRequest: requireRole('administrator'),
      config: { idempotent: true, documented: { 409: documentedProblem('The email address is taken') } },
      schema: {
        tags: ['administration'],
        summary:
          'Make a user; where no other way to sign in is configured, with a generated password unless one is given',
        body: userFieldsSchema,
        response: { 201: newUserSchema },
      },
    },
    async (request, reply) => {
      const { password: given, ...fields } = request.body;
      const generated = given === undefined && byPasswordOnly ? generatePassword() : undefined;
      const password = given ?? generated;
      // Before the transaction: it takes a tenth of a second on purpose.
      const passwordHash = password === undefined ? null : await hashPassword(password);
      return answerOnce(
        deps,
        request,
        reply,
        async (tx) => {
          const user = await addUser(tx, { ...fields, passwordHash }, changeOf(request, deps));
          const body = generated === undefined ? user : { ...user, password: generated };
          return { status: 201, headers: { location: `/api/v1/admin/users/${user.id}` }, body };
        },
        // A quick hash of a password is not to be kept.
        { body: { ...fields, password: given !== undefined }, secret: generated !== undefined },
      );
    },
  );
};
