import type { Clock } from '@sheaf/runtime/clock';
import type { SignInService } from '../sign-in-service.ts';

/**
 * The session of a cookie, as it is: not made to last longer. Unlike the handler of the same name, which hides the
 * cause, it throws what went wrong. better-auth goes by this machine's clock, and would let one go on that is over: by
 * the time that all processes share, such a one is removed here, and null.
 */
export async function findSession(cookie: string | undefined, signIn: SignInService, clock: Clock) {
  const headers = new Headers({ cookie: cookie ?? '' });
  const found = await signIn.api.getSession({ headers, query: { disableRefresh: true } });
  if (!found || found.session.expiresAt > clock()) return found;
  const { internalAdapter } = await signIn.$context;
  await internalAdapter.deleteSession(found.session.token);
  return null;
}
