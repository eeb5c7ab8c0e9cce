import type { SharedDownloadPageJson } from '@sheaf/contract/shared-download';
import { users as userRows } from '@sheaf/db/schema/auth';
import { expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';

/** A ready download that was sent to `other`, in another spelling of the address. */
async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { assetId } = await api.addAsset();
  const id = await api.request([assetId], { name: 'For you', notify: { email: false, to: ['OTHER@example.com'] } });
  const { token } = await api.publish(id);
  const shared = async (user = api.users.other) => {
    const answer = await api.get('/me/shared', user);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<SharedDownloadPageJson>().items;
  };
  const revokeLink = async (linkId: string) =>
    api.app.inject({
      method: 'DELETE',
      url: `/api/v1/downloads/${id}/links/${linkId}`,
      headers: api.users.requester.headers,
    });
  return { ...api, assetId, id, token, shared, revokeLink };
}

test('whoever was sent a link sees who shares what, until when, and the link that they hold', async () => {
  const { shared, id, token, clock, users } = await setup();
  expect(await shared()).toEqual([
    {
      id: expect.any(String),
      downloadId: id,
      name: 'For you',
      from: { name: 'requester', email: 'requester@example.com' },
      sharedAt: clock().toISOString(),
      state: 'ready',
      counts: { included: 1, excluded: 0 },
      expiresAt: new Date(clock().getTime() + 168 * 3_600_000).toISOString(),
      bundle: {
        format: 'zip',
        delivery: 'packed',
        size: 2_000,
        parts: [
          { number: 1, size: 2_000, oversized: false, etag: expect.any(String), url: `/d/${token}`, fault: null },
        ],
      },
    },
  ]);
  // Neither their own, nor what others were sent.
  expect(await shared(users.requester)).toEqual([]);
  expect(await shared(users.contributor)).toEqual([]);
  expect(await shared(users.administrator)).toEqual([]);
});

test('the link is not shown once it no longer works, and the state says why', async () => {
  const api = await setup();
  const shown = async () => {
    const [item] = await api.shared();
    return [item!.state, item!.bundle?.parts[0]?.url ?? null];
  };
  const { linkId } = (await api.get(`/downloads/${api.id}`)).json().bundle;
  await api.revokeLink(linkId);
  expect(await shown()).toEqual(['revoked', null]);
  // What replaces it is for whoever it is given to.
  const { url } = (await api.post(`/downloads/${api.id}/links`, undefined)).json();
  expect(await shown()).toEqual(['revoked', null]);
  expect(JSON.stringify(await api.shared())).not.toContain(url.split('/').at(-1));

  await api.post(`/downloads/${api.id}/revoke`, undefined);
  expect(await shown()).toEqual(['revoked', null]);
});

test('one whose time is over has expired, whether or not that was written down', async () => {
  const api = await setup();
  api.clock.advance(169 * 3_600_000);
  expect(await api.shared()).toMatchObject([{ state: 'expired', bundle: { parts: [{ url: null }] } }]);
});

test('one that is made anew is listed once, without a link until there is one', async () => {
  const api = await setup();
  api.clock.advance(169 * 3_600_000);
  await api.sweep();
  await api.post(`/downloads/${api.id}/retry`, undefined);
  expect(await api.shared()).toMatchObject([{ state: 'preparing', bundle: null }]);
  const { token } = await api.publish(api.id);
  expect(await api.shared()).toMatchObject([
    { state: 'ready', bundle: { parts: [{ url: `/d/${token}`, fault: null }] } },
  ]);
});

test('an address that nobody has confirmed shows nothing of what it was sent', async () => {
  const api = await setup();
  await api.db.orm.update(userRows).set({ emailVerified: false });
  expect(await api.shared()).toEqual([]);
});

test('the list is paged, and takes somebody who is signed in', async () => {
  const api = await setup();
  const second = await api.request([api.assetId], { name: 'Second', notify: { to: ['other@example.com'] } });
  await api.publish(second);
  const page = async (query: string) =>
    (await api.get(`/me/shared?limit=1${query}`, api.users.other)).json<SharedDownloadPageJson>();
  const first = await page('');
  const next = await page(`&cursor=${first.nextCursor}`);
  expect([...first.items, ...next.items].map(({ name }) => name)).toEqual(['Second', 'For you']);
  expect(next.nextCursor).toBeNull();
  expect((await api.app.inject({ url: '/api/v1/me/shared' })).statusCode).toBe(401);
});
