import { sessionApi } from '#lib/api/session.ts';

/** Signs out, and forgets all that this tab has read: the page is loaded anew. */
export async function leave(): Promise<void> {
  await sessionApi.signOut().catch(() => {});
  sessionStorage.clear();
  location.assign('/sign-in');
}
