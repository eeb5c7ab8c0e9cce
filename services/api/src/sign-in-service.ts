import type { Database } from '@sheaf/db/database';
import { accounts, sessions, users, verifications } from '@sheaf/db/schema/auth';
import { newId } from '@sheaf/db/schema/columns';
import { findUser } from '@sheaf/db/users/find-user';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';

export const authPath = '/api/auth';

/** The header in which the resolved client address is handed to better-auth; callers' own are dropped. */
export const clientAddressHeader = 'x-sheaf-client-address';

const sessionDays = 7;
const day = 86_400;

export interface SignInServiceOptions {
  db: Database;
  secretKey: string;
  /** Where people reach the service; https makes the cookies `Secure`. Absent: plain http on any host. */
  publicUrl: string | undefined;
}

/**
 * better-auth, cut down to email and password. Nobody signs up by themselves. Sessions live in PostgreSQL and are
 * looked up on every request, so that ending one takes effect at once.
 */
export function createSignInService({ db, secretKey, publicUrl }: SignInServiceOptions) {
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
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 200 },
    session: { expiresIn: sessionDays * day, updateAge: day, cookieCache: { enabled: false } },
    databaseHooks: {
      session: {
        create: {
          async before(session) {
            const user = await findUser(db.orm, session.userId);
            if (user?.disabledAt) throw new APIError('FORBIDDEN', { message: 'This user is disabled.' });
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
    onAPIError: { throw: true },
    logger: { disabled: true },
  });
}

export type SignInService = ReturnType<typeof createSignInService>;
