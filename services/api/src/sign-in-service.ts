import type { Database } from '@sheaf/db/database';
import { accounts, sessions, users, verifications } from '@sheaf/db/schema/auth';
import { newId } from '@sheaf/db/schema/columns';
import { findUser } from '@sheaf/db/users/find-user';
import type { BetterAuthPlugin } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError } from 'better-auth/api';
import { type BetterAuthOptions, betterAuth } from 'better-auth/minimal';

export const authPath = '/api/auth';

/** The header in which the resolved client address is handed to better-auth; callers' own are dropped. */
export const clientAddressHeader = 'x-sheaf-client-address';

const dayMs = 86_400_000;
/** How long a session lasts, and its age at which the next request makes it last for so long again. */
export const sessionMs = 7 * dayMs;
export const renewedAfterMs = dayMs;

export interface SignInServiceOptions {
  /** Where users and sessions are: the pool, or a transaction. */
  db: Pick<Database, 'orm'>;
  secretKey: string;
  /** Where people reach the service; https makes the cookies `Secure`. Absent: plain http on any host. */
  publicUrl: string | undefined;
  provider?: SignInProvider;
}

/** An identity provider that people may sign in with, and who may. */
export interface SignInProvider {
  plugin: BetterAuthPlugin;
  /** Where a browser is sent with `?error=`. */
  errorUrl: string;
  /**
   * Why the person may not become, or be taken for, this user; null where they may. `userId` is null where a user would
   * be made; `linked` says that the user has signed in this way before.
   */
  refuse(person: { userId: string | null; emailVerified: boolean; linked: boolean }): Promise<string | null>;
  /** Once a user has the first account of this provider: one who was made for it, or who was there. */
  accountMade(userId: string): Promise<void>;
  /** Before a session of the user begins. Throws where it must not. */
  beforeSession(userId: string): Promise<void>;
}

/**
 * better-auth, cut down to email and password. Nobody signs up by themselves. Sessions live in PostgreSQL and are
 * looked up on every request, so that ending one takes effect at once.
 */
export function createSignInService({ db, secretKey, publicUrl, provider }: SignInServiceOptions) {
  return betterAuth({
    appName: 'Sheaf',
    baseURL: publicUrl ?? 'http://localhost',
    basePath: authPath,
    secret: secretKey,
    // The origin of every request is checked before it gets here: see plugins/same-origin.ts.
    trustedOrigins: (request) => (request ? [new URL(request.url).origin, request.headers.get('origin')] : []),
    database: drizzleAdapter(db.orm, {
      provider: 'pg',
      schema: { user: users, session: sessions, account: accounts, verification: verifications },
    }),
    plugins: provider ? [provider.plugin] : [],
    user: provider && { validateUserInfo: gate(provider) },
    account: { updateAccountOnSignIn: false, storeAccountCookie: false },
    emailAndPassword: {
      enabled: provider === undefined,
      disableSignUp: true,
      minPasswordLength: 10,
      maxPasswordLength: 200,
    },
    session: { expiresIn: sessionMs / 1_000, updateAge: renewedAfterMs / 1_000, cookieCache: { enabled: false } },
    databaseHooks: {
      // What the provider is asked with is needed once, and kept nowhere.
      account: {
        create: {
          before: async (account) => ({ data: { ...account, ...noTokens } }),
          after: async (account) => provider?.accountMade(account.userId),
        },
        update: { before: async (account) => ({ data: { ...account, ...noTokens } }) },
      },
      session: {
        create: {
          async before(session) {
            const user = await findUser(db.orm, session.userId);
            if (user?.disabledAt) {
              throw new APIError('FORBIDDEN', { code: 'user_disabled', message: 'This user is disabled.' });
            }
            await provider?.beforeSession(session.userId);
          },
        },
      },
    },
    // The API's own limits hold here too, stricter ones for passwords: see plugins/sign-in.ts.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'sheaf',
      useSecureCookies: publicUrl?.startsWith('https:') ?? false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
      database: { generateId: newId },
    },
    telemetry: { enabled: false },
    // Printed otherwise, with the values of a failed query. Thrown, they are answered and logged as all others.
    onAPIError: { throw: true, ...(provider && { errorURL: provider.errorUrl }) },
    logger: { disabled: true },
  });
}

const noTokens = { accessToken: null, refreshToken: null, idToken: null };

function gate(provider: SignInProvider): NonNullable<NonNullable<BetterAuthOptions['user']>['validateUserInfo']> {
  return async ({ user, source }) => {
    const error = await provider.refuse({
      userId: source.action === 'create-user' ? null : (user.id ?? null),
      emailVerified: user.emailVerified === true,
      linked: source.action === 'sign-in',
    });
    return error === null ? undefined : { error };
  };
}

export type SignInService = ReturnType<typeof createSignInService>;
