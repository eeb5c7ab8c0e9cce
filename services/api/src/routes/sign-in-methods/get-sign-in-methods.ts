import { signInMethodsSchema } from '@sheaf/contract/sign-in-methods';
import type { ApiRoute } from '../../api-deps.ts';
import { oidcConfiguration } from '../../oidc/oidc-configuration.ts';

export const getSignInMethods: ApiRoute = (app, { settings }) => {
  const oidc = oidcConfiguration(settings);
  app.get(
    '/sign-in-methods',
    {
      schema: {
        tags: ['me'],
        summary: 'How people can sign in here; for everyone',
        security: [],
        response: { 200: signInMethodsSchema },
      },
    },
    async () => ({ password: true, oidc: oidc && { name: oidc.name, url: '/api/auth/sign-in/oidc' } }),
  );
};
