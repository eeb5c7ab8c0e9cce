import { AsyncLocalStorage } from 'node:async_hooks';
import { findUser } from '@sheaf/db/users/find-user';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import type { FastifyRequest } from 'fastify';
import type { ApiDeps } from '../api-deps.ts';
import { auditEvent } from '../audit-event.ts';
import { authPath, clientAddressHeader, createSignInService, type SignInService } from '../sign-in-service.ts';
import type { Claims } from './claim-values.ts';
import { exchangeCode } from './exchange-code.ts';
import type { OidcConfiguration } from './oidc-configuration.ts';
import { type ProviderMetadata, readProviderMetadata } from './provider-metadata.ts';
import { profileOf, readClaims } from './read-profile.ts';
import { recordAccount } from './record-account.ts';
import { synchroniseUser } from './synchronise-user.ts';

export const providerId = 'oidc';

/** Where people learn why they were not signed in. */
export const signInPage = '/sign-in';

/** What one callback finds out on its way through better-auth, which hands on nothing but its own. */
interface Callback {
  request: FastifyRequest;
  claims: Claims | null;
  /** The user was made by this callback. */
  isNew: boolean;
  /** Why the provider could not be asked. */
  failure: unknown;
}

export interface OidcSignIn {
  configuration: OidcConfiguration;
  /** The provider's page to go to, and the cookies that bind its answer to this browser. Throws `service.unavailable`. */
  begin(request: FastifyRequest, returnTo: string): Promise<{ url: string; cookies: string[] }>;
  /** Where to go after the provider's answer: `returnTo` with a session, or the sign-in page with `error`. */
  finish(request: FastifyRequest): Promise<{ location: URL; cookies: string[]; failure: unknown }>;
}

/**
 * Signing in with an OpenID Connect provider: the authorisation code flow with PKCE, state bound to the browser, nonce,
 * and ID tokens whose signature, issuer and audience are checked, all of it better-auth's. It is a better-auth of its own,
 * made when somebody first signs in this way, so that a provider that is down keeps nobody from using a password.
 */
export function createOidcSignIn(deps: ApiDeps, configuration: OidcConfiguration, secretKey: string): OidcSignIn {
  const callbacks = new AsyncLocalStorage<Callback>();
  let ready: Promise<SignInService> | null = null;

  const service = () => {
    ready ??= readProviderMetadata(configuration.issuer)
      .then((metadata) => createService(deps, configuration, { secretKey, metadata, callbacks }))
      .catch((error: unknown) => {
        ready = null;
        throw error;
      });
    return ready;
  };
  const url = (path: string) => new URL(path, configuration.publicUrl);

  return {
    configuration,
    async begin(request, returnTo) {
      const signIn = await service();
      const headers = headersOf(request);
      headers.set('content-type', 'application/json');
      headers.set('origin', url('/').origin);
      const body = JSON.stringify({
        provider: providerId,
        callbackURL: url(returnTo).href,
        errorCallbackURL: url(signInPage).href,
        disableRedirect: true,
      });
      const response = await signIn.handler(
        new Request(url(`${authPath}/sign-in/social`), { method: 'POST', headers, body }),
      );
      const answer = (await response.json()) as { url?: unknown };
      if (!response.ok || typeof answer.url !== 'string') throw new Error(`better-auth answered ${response.status}`);
      return { url: answer.url, cookies: response.headers.getSetCookie() };
    },
    async finish(request) {
      const signIn = await service();
      const callback: Callback = { request, claims: null, isNew: false, failure: null };
      const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
      const target = url(`${authPath}/callback/${providerId}${query}`);
      const response = await callbacks.run(callback, () =>
        signIn.handler(new Request(target, { headers: headersOf(request) })),
      );
      const location = response.headers.get('location');
      if (location === null) throw new Error(`better-auth answered ${response.status} to a callback`);
      return { location: url(location), cookies: response.headers.getSetCookie(), failure: callback.failure };
    },
  };
}

interface Making {
  secretKey: string;
  metadata: ProviderMetadata;
  callbacks: AsyncLocalStorage<Callback>;
}

function createService(
  { db, clock }: ApiDeps,
  configuration: OidcConfiguration,
  { secretKey, metadata, callbacks }: Making,
): SignInService {
  const { clientId, clientSecret, scopes, publicUrl, name } = configuration;
  /** Runs what asks the provider, and keeps why it failed: better-auth tells no more than that it did. */
  const asking = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const callback = callbacks.getStore();
      if (callback) callback.failure = error;
      throw error;
    }
  };
  /** What the callback that is being answered has found out. */
  const signingIn = () => {
    const callback = callbacks.getStore();
    if (!callback?.claims) throw new Error('There is no callback to sign in by.');
    const { claims, request, isNew } = callback;
    const told = (event: Parameters<typeof auditEvent>[1]) => auditEvent(request, event);
    return { claims, isNew, now: clock(), told };
  };
  return createSignInService({
    db,
    secretKey,
    publicUrl,
    provider: {
      errorUrl: new URL(signInPage, publicUrl).href,
      plugin: genericOAuth({
        config: [
          {
            providerId,
            name,
            discoveryUrl: metadata.discoveryUrl,
            requireIdTokenVerification: true,
            clientId,
            clientSecret,
            scopes,
            pkce: true,
            getToken: (code) => asking(() => exchangeCode(metadata, configuration, code)),
            async getUserInfo({ idToken, accessToken }) {
              // Without one, nothing has been verified.
              if (idToken === undefined) return null;
              const claims = await asking(() => readClaims(metadata, { idToken, accessToken })).catch(() => null);
              const callback = callbacks.getStore();
              if (claims === null || callback === undefined) return null;
              callback.claims = claims;
              return profileOf(claims);
            },
          },
        ],
      }),
      async refuse({ userId, emailVerified, linked }) {
        const user = userId === null ? null : await findUser(db.orm, userId);
        if (user?.disabledAt) return 'user_disabled';
        const refusal = linked || emailVerified ? null : 'email_not_verified';
        const callback = callbacks.getStore();
        if (callback && refusal === null) callback.isNew = userId === null;
        return refusal;
      },
      async accountMade(userId) {
        await db.transaction((tx) => recordAccount(tx, { userId, ...signingIn() }));
      },
      async beforeSession(userId) {
        const { claims, now, told } = signingIn();
        await db.transaction((tx) => synchroniseUser(tx, configuration, { userId, claims, now, told }));
      },
    },
  });
}

function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers({ [clientAddressHeader]: request.ip });
  for (const name of ['cookie', 'user-agent'] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  return headers;
}
