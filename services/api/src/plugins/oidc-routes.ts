import { AppError } from '@sheaf/domain/app-error';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../api-deps.ts';
import { type OidcSignIn, signInPage } from '../oidc/oidc-sign-in.ts';
import { ownPath } from '../oidc/own-path.ts';
import { type SignInError, signInError } from '../oidc/sign-in-error.ts';
import { limitRate } from './rate-limits.ts';

/** Sign-ins with the identity provider that one address begins or ends. */
const perMinute = 60;

const querySchema = Type.Object({ returnTo: Type.Optional(Type.String({ maxLength: 2_000 })) });

/**
 * `GET /sign-in/oidc?returnTo=` sends the browser to the identity provider, `GET /callback/oidc` takes its answer and sends
 * the browser on: to `returnTo`, which can only be a page of ours, or to the sign-in page with `error`.
 */
export async function mountOidc(app: App, signIn: OidcSignIn): Promise<void> {
  await app.register(async (scope: App) => {
    limitRate(scope, perMinute);
    scope.get('/sign-in/oidc', { schema: { hide: true, querystring: querySchema } }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      try {
        const { url, cookies } = await signIn.begin(request, ownPath(request.query.returnTo));
        for (const cookie of cookies) reply.header('set-cookie', cookie);
        return reply.redirect(url);
      } catch (error) {
        request.log.error({ err: error }, 'signing in with the identity provider cannot begin');
        return refuse(reply, isUnavailable(error) ? 'provider_unavailable' : 'failed');
      }
    });
    scope.get('/callback/oidc', { schema: { hide: true } }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      try {
        const { location, cookies, failure } = await signIn.finish(request);
        for (const cookie of cookies) reply.header('set-cookie', cookie);
        const code = location.pathname === signInPage ? location.searchParams.get('error') : null;
        if (code === null) return reply.redirect(`${location.pathname}${location.search}`);
        request.log.warn({ code, err: failure ?? undefined }, 'signing in with the identity provider was refused');
        return refuse(reply, isUnavailable(failure) ? 'provider_unavailable' : signInError(code));
      } catch (error) {
        request.log.error({ err: error }, 'signing in with the identity provider failed');
        return refuse(reply, isUnavailable(error) ? 'provider_unavailable' : 'failed');
      }
    });
  });
}

function refuse(reply: FastifyReply, error: SignInError): FastifyReply {
  return reply.redirect(`${signInPage}?error=${error}`);
}

function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'service.unavailable';
}
