import { problemSchema } from '@sheaf/contract/problem';
import { deleteAsset } from '@sheaf/db/catalogue/delete-asset';
import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import { updateAsset } from '@sheaf/db/catalogue/update-asset';
import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import { accesses } from '@sheaf/db/schema/links';
import { disableUser } from '@sheaf/db/users/disable-user';
import { Value } from 'typebox/value';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { setupDownloads, type TestAsset, type TestDownloads } from '../../../../../test/harness/downloads.ts';

const hour = 3_600_000;

/** A ready download of a licensed asset and a plain one. */
async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const licence = await api.addLicence();
  const licensed = await api.addAsset({ title: 'Licensed', licenceId: licence.licenceId });
  const plain = await api.addAsset({ title: 'Plain', renditions: ['web', 'thumbnail'] });
  const downloadId = await api.request([licensed.assetId, plain.assetId], { acceptLicences: [licence] });
  const { token } = await api.publish(downloadId);
  const fetch = (of = token) => api.app.inject({ url: `/d/${of}` });
  return { ...api, licence, licensed, plain, downloadId, token, fetch };
}

type Ready = TestDownloads & { licence: { licenceId: string; sha256: string }; licensed: TestAsset; plain: TestAsset };

describe('GET /d/{token} is refused from the moment on that', () => {
  test('its link is revoked: 410, and other links still work', async () => {
    const api = await setup();
    const created = (await api.post(`/downloads/${api.downloadId}/links`, undefined)).json();
    const own = created.url.split('/').at(-1);
    expect((await api.fetch(own)).statusCode).toBe(200);

    const { headers } = api.users.requester;
    const url = `/api/v1/downloads/${api.downloadId}/links/${created.id}`;
    expect((await api.app.inject({ method: 'DELETE', url, headers })).statusCode).toBe(204);

    const response = await api.fetch(own);
    expect([response.statusCode, response.json().code]).toEqual([410, 'link.revoked']);
    expect((await api.fetch()).statusCode).toBe(200);
  });

  test('a person who opens a link that is over reads a page, which does not name the link', async () => {
    const api = await setup();
    await api.post(`/downloads/${api.downloadId}/revoke`, undefined);

    const page = await api.app.inject({ url: `/d/${api.token}`, headers: { accept: 'text/html,*/*;q=0.8' } });
    const program = await api.app.inject({ url: `/d/${api.token}`, headers: { accept: '*/*' } });

    expect([page.statusCode, page.headers['content-type']]).toEqual([410, 'text/html; charset=utf-8']);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; .*style-src 'sha256-/);
    expect(page.body).toContain('<h1>The link was revoked</h1>');
    expect(page.body).not.toContain(api.token);
    expect(program.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  test('the download is revoked: 410 for every link', async () => {
    const api = await setup();
    const own = (await api.post(`/downloads/${api.downloadId}/links`, undefined)).json().url.split('/').at(-1);
    expect((await api.post(`/downloads/${api.downloadId}/revoke`, undefined)).statusCode).toBe(200);

    for (const token of [api.token, own]) {
      const response = await api.fetch(token);
      expect([response.statusCode, response.json().code]).toEqual([410, 'link.revoked']);
    }
  });

  test('the link expires, to the millisecond: 410', async () => {
    const api = await setup();
    const expiresAt = new Date(api.clock().getTime() + hour);
    const created = await api.post(`/downloads/${api.downloadId}/links`, { expiresAt: expiresAt.toISOString() });
    const own = created.json().url.split('/').at(-1);

    api.clock.set(new Date(expiresAt.getTime() - 1));
    expect((await api.fetch(own)).statusCode).toBe(200);
    api.clock.set(expiresAt);
    const response = await api.fetch(own);

    expect([response.statusCode, response.json().code]).toEqual([410, 'link.expired']);
    expect(response.json()).not.toHaveProperty('retry');
    expect((await api.fetch()).statusCode).toBe(200);

    api.clock.advance(168 * hour);
    expect((await api.fetch(own)).json()).not.toHaveProperty('retry');
  });

  test('the download expires, whether or not the sweep has been there: 410 that says how to retry', async () => {
    const api = await setup();
    api.clock.advance(168 * hour);
    const before = await api.fetch();
    expect(await api.sweep()).toBe(1);
    const after = await api.fetch();

    for (const response of [before, after]) {
      expect([response.statusCode, response.json().code]).toEqual([410, 'link.expired']);
      expect(response.json().retry).toBe(`/api/v1/downloads/${api.downloadId}/retry`);
      expect(response.json()).not.toHaveProperty('outcomes');
    }
  });

  test.each(['asset', 'licence'])('its first %s ends by itself, swept or not: 410 with the reason', async (what) => {
    const api = await setup();
    const end = new Date(api.clock().getTime() + 3 * 24 * hour);
    const licence = await api.addLicence({ expiresAt: what === 'licence' ? end : null });
    const dated = what === 'asset' ? { expiresAt: end } : {};
    const ending = await api.addAsset({ title: 'Ending', licenceId: licence.licenceId, ...dated });
    const id = await api.request([api.plain.assetId, ending.assetId], { acceptLicences: [licence] });
    const { token } = await api.publish(id);
    api.clock.set(new Date(end.getTime() - 1));
    expect((await api.fetch(token)).statusCode).toBe(200);

    api.clock.set(end);
    const before = await api.fetch(token);
    expect(await api.sweep()).toBe(1);
    const after = await api.fetch(token);
    const outcome =
      what === 'asset' ? { title: '', reason: 'asset.not_found' } : { title: 'Ending', reason: 'licence.not_approved' };
    for (const response of [before, after]) {
      expect([response.statusCode, response.json().code]).toEqual([410, 'link.expired']);
      expect(response.json()).toMatchObject({
        detail: expect.stringContaining('1 of the assets in this archive may no longer be downloaded. A retry'),
        counts: { refused: 1 },
        outcomes: [{ assetId: ending.assetId, outcome: 'excluded', ...outcome }],
        retry: `/api/v1/downloads/${id}/retry`,
      });
    }
  });

  test('its owner is disabled: 410', async () => {
    const api = await setup();
    await api.db.transaction((tx) => disableUser(tx, api.users.requester.id, api.clock()));
    expect((await api.fetch()).statusCode).toBe(410);
  });

  const withdrawals: { what: string; title: string; reason: string; withdraw(api: Ready): Promise<unknown> }[] = [
    {
      what: 'an asset is deleted',
      title: '',
      reason: 'asset.not_found',
      withdraw: ({ db, plain, clock }) => deleteAsset(db.orm, plain.assetId, clock()),
    },
    {
      what: 'an asset is no longer approved',
      title: '',
      reason: 'asset.not_found',
      withdraw: ({ db, plain, clock }) => updateAsset(db.orm, plain.assetId, { status: 'rejected' }, clock()),
    },
    {
      what: 'an asset is made to expire',
      title: '',
      reason: 'asset.not_found',
      withdraw: ({ db, plain, clock }) => updateAsset(db.orm, plain.assetId, { expiresAt: clock() }, clock()),
    },
    {
      what: 'a licence is withdrawn',
      title: 'Licensed',
      reason: 'licence.not_approved',
      withdraw: ({ db, licence, clock }) => updateLicence(db.orm, licence.licenceId, { approved: false }, clock()),
    },
    {
      what: 'a licence expires',
      title: 'Licensed',
      reason: 'licence.not_approved',
      withdraw: ({ db, licence, clock }) => updateLicence(db.orm, licence.licenceId, { expiresAt: clock() }, clock()),
    },
    {
      what: 'a licence gets other terms',
      title: 'Licensed',
      reason: 'licence.changed',
      async withdraw({ db, addBlob, licence, clock }) {
        const { sha256 } = await addBlob(Buffer.from('new terms'));
        await updateLicence(db.orm, licence.licenceId, { documentSha256: sha256 }, clock());
      },
    },
    {
      what: 'an asset comes under a licence that its owner has not accepted',
      title: 'Plain',
      reason: 'licence.not_accepted',
      async withdraw({ db, addLicence, plain, clock }) {
        const { licenceId } = await addLicence();
        await updateAsset(db.orm, plain.assetId, { licenceId }, clock());
      },
    },
    {
      what: 'originals are switched off',
      title: 'Licensed',
      reason: 'visibility.originals_off',
      withdraw: ({ switchVisibility }) => switchVisibility({ originalsDownloadable: false }),
    },
    {
      what: 'renditions are switched off',
      title: 'Plain',
      reason: 'visibility.renditions_off',
      withdraw: ({ switchVisibility }) => switchVisibility({ renditionsAvailable: false }),
    },
  ];

  test.each(withdrawals)('$what: 410 with the reason', async ({ withdraw, title, reason }) => {
    const api = await setup();
    expect((await api.fetch()).statusCode).toBe(200);

    await withdraw(api);
    const response = await api.fetch();

    expect([response.statusCode, response.json().status, response.json().code]).toEqual([
      410,
      410,
      'download.assets_refused',
    ]);
    expect(response.json().outcomes).toContainEqual(
      expect.objectContaining({ title, outcome: 'excluded', reason, entries: [] }),
    );
    expect(response.json()).toMatchObject({ retry: `/api/v1/downloads/${api.downloadId}/retry` });
    expect(Value.Errors(problemSchema, response.json())).toEqual([]);
    if (reason === 'asset.not_found') expect(response.body).not.toContain('Plain');
    expect(response.json().detail).toContain('A retry of the download');
    await vi.waitFor(async () => expect(await api.db.orm.$count(accesses)).toBe(2));
    const statuses = (await api.db.orm.select().from(accesses)).map(({ status, bytesSent }) => [status, bytesSent]);
    expect(statuses).toContainEqual([410, 0]);
  });
});

test("the 410 of an administrator's bundle names nothing that an ordinary requester cannot see", async () => {
  const api = await setup();
  const { administrator } = api.users;
  const secret = await api.addAsset({ title: 'Secret', status: 'approved' });
  const old = await api.addAsset({ title: 'Old' });
  const shown = await api.addAsset({ title: 'Shown', licenceId: api.licence.licenceId });
  const ids = [secret.assetId, old.assetId, shown.assetId];
  const { token } = await api.publish(await api.request(ids, { acceptLicences: [api.licence] }, administrator));
  await updateAsset(api.db.orm, secret.assetId, { status: 'draft' }, api.clock());
  await updateAsset(api.db.orm, old.assetId, { expiresAt: api.clock() }, api.clock());
  await updateLicence(api.db.orm, api.licence.licenceId, { approved: false }, api.clock());

  const refused = async () =>
    (await api.fetch(token)).json().outcomes.map(({ title, reason }: Record<string, string>) => [title, reason]);

  expect(await refused()).toEqual([
    ['', 'asset.not_approved'],
    ['', 'asset.expired'],
    ['Shown', 'licence.not_approved'],
  ]);
  await api.switchVisibility({ expiredVisible: true });
  expect((await refused())[1]).toEqual(['Old', 'asset.expired']);
});

test('a faulty blob takes nothing away: the archive has its own copy', async () => {
  const api = await setup();
  await markBlobFault(api.db.orm, api.plain.original.blob.sha256, 'corrupt');
  expect((await api.fetch()).statusCode).toBe(200);
});

test('the rights that count are those of the owner as of now, not of whoever follows the link', async () => {
  const api = await setup();
  const { headers } = api.users.administrator;
  await updateAsset(api.db.orm, api.plain.assetId, { status: 'draft' }, api.clock());
  expect((await api.app.inject({ url: `/d/${api.token}`, headers })).statusCode).toBe(410);
  await updateAsset(api.db.orm, api.plain.assetId, { status: 'approved' }, api.clock());
  expect((await api.app.inject({ url: `/d/${api.token}` })).statusCode).toBe(200);
});
