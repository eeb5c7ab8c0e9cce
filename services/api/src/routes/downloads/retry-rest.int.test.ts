import { updateAsset } from '@sheaf/db/catalogue/update-asset';
import { loadReceiptFacts } from '@sheaf/db/evidence/load-receipt-facts';
import { setUserQuota } from '@sheaf/db/quotas/set-user-quota';
import { downloads } from '@sheaf/db/schema/downloads';
import { auditEvents } from '@sheaf/db/schema/evidence';
import { noQuota } from '@sheaf/domain/quota';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const [kept, lost] = [await api.addAsset({ title: 'Kept' }), await api.addAsset({ title: 'Lost' })];
  return {
    ...api,
    kept,
    lost,
    retry: (id: string, headers = {}) => api.post(`/downloads/${id}/retry`, undefined, api.users.requester, headers),
    unapprove: (assetId: string) => updateAsset(api.db.orm, assetId, { status: 'draft' }, api.clock()),
    follow: (token: string) => api.app.inject({ url: `/d/${token}` }),
  };
}

describe('POST /downloads/{id}/retry of a ready download', () => {
  test('202: what may still be had becomes a download of its own, and the old one ends with its links', async () => {
    const api = await setup();
    const id = await api.request([api.kept.assetId, api.lost.assetId]);
    const { token } = await api.publish(id);
    await api.unapprove(api.lost.assetId);

    const refused = await api.follow(token);
    expect([refused.statusCode, refused.json().code]).toEqual([410, 'download.assets_refused']);
    expect(refused.json()).toMatchObject({
      retry: `/api/v1/downloads/${id}/retry`,
      counts: { refused: 1 },
      outcomes: [{ assetId: api.lost.assetId, title: '', reason: 'asset.not_found' }],
    });

    const response = await api.app.inject({
      method: 'POST',
      url: refused.json().retry,
      headers: api.users.requester.headers,
    });
    expect(response.statusCode, response.body).toBe(202);
    const rest = response.json();
    expect(rest).toMatchObject({ restOf: id, state: 'requested', counts: { included: 1, excluded: 1 } });
    expect(rest.id).not.toBe(id);
    expect(response.headers.location).toBe(`/api/v1/downloads/${rest.id}`);
    expect((await api.get(`/downloads/${id}`)).json()).toMatchObject({ state: 'revoked', restOf: null });
    expect((await api.follow(token)).json().code).toBe('link.revoked');
    const { token: newToken } = await api.publish(rest.id);
    expect((await api.follow(newToken)).statusCode).toBe(200);
    expect((await api.retry(id)).json().code).toBe('download.state_conflict');
  });

  test('the same Idempotency-Key gives the same rest, and makes one download', async () => {
    const api = await setup();
    const id = await api.request([api.kept.assetId, api.lost.assetId]);
    await api.publish(id);
    await api.unapprove(api.lost.assetId);

    const key = { 'idempotency-key': 'rest' };
    const answers = await Promise.all([api.retry(id, key), api.retry(id, key), api.retry(id, key)]);

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(await api.db.orm.$count(downloads)).toBe(2);
  });

  test('422 where nothing remains: the download stays as it is', async () => {
    const api = await setup();
    const id = await api.request([api.lost.assetId]);
    await api.publish(id);
    await api.unapprove(api.lost.assetId);

    const response = await api.retry(id);

    expect([response.statusCode, response.json().code]).toEqual([422, 'download.assets_refused']);
    expect((await api.get(`/downloads/${id}`)).json().state).toBe('ready');
    expect(await api.db.orm.$count(downloads)).toBe(1);
  });

  test('409 while everything in it may still be had', async () => {
    const api = await setup();
    const id = await api.request([api.kept.assetId]);
    await api.publish(id);

    const response = await api.retry(id);

    expect([response.statusCode, response.json().code]).toEqual([409, 'download.state_conflict']);
  });

  test('what was accepted for the old one counts for the rest, with the time and place of the acceptance', async () => {
    const api = await setup();
    await api.switchVisibility({ licenceAcceptance: 'per-download' });
    const licence = await api.addLicence();
    const licensed = await api.addAsset({ licenceId: licence.licenceId });
    const assetIds = [licensed.assetId, api.lost.assetId];
    const id = await api.request(assetIds, { acceptLicences: [licence] });
    await api.publish(id);
    await api.unapprove(api.lost.assetId);
    const acceptedAt = api.clock();
    api.clock.advance(60_000);

    const rest = (await api.retry(id)).json();

    expect(rest.counts).toEqual({ included: 1, excluded: 1 });
    expect(
      await api.db.orm.query.acceptances.findMany({ where: (row, { eq }) => eq(row.downloadId, rest.id) }),
    ).toMatchObject([{ ...licence, version: 1, acceptedAt, ipAddress: '127.0.0.1' }]);
    const { token } = await api.publish(rest.id);
    expect((await api.follow(token)).statusCode).toBe(200);
  });

  test("an administrator's retry keeps the requester's origin; the audit log has who retried, and from where", async () => {
    const api = await setup();
    const headers = { 'user-agent': 'browser of the requester' };
    const asked = await api.post(
      '/downloads',
      { assetIds: [api.kept.assetId, api.lost.assetId], renditions: 'originals-and-static' },
      api.users.requester,
      headers,
    );
    const { id } = asked.json();
    await api.db.orm.update(downloads).set({ ipAddress: '192.0.2.1' });
    await api.publish(id);
    await api.unapprove(api.lost.assetId);

    const { administrator, requester } = api.users;
    const response = await api.post(`/downloads/${id}/retry`, undefined, administrator, { 'user-agent': 'console' });
    expect(response.statusCode, response.body).toBe(202);
    const rest = response.json();

    const facts = await loadReceiptFacts(api.db.orm, rest.id);
    expect(facts).toMatchObject({
      requester: { id: requester.id },
      ipAddress: '192.0.2.1',
      userAgent: 'browser of the requester',
    });
    const events = (await api.db.orm.select().from(auditEvents)).sort((a, b) => a.seq - b.seq);
    const told = events.slice(-3).map(({ seq, action, downloadId, actorId, record }) => {
      return { seq, action, downloadId, actorId, userAgent: JSON.parse(record).userAgent };
    });
    const byAdministrator = { actorId: administrator.id, userAgent: 'console' };
    expect(told).toMatchObject([
      { action: 'download.retried', downloadId: id, ...byAdministrator },
      { action: 'download.revoked', downloadId: id, ...byAdministrator },
      { action: 'download.requested', downloadId: rest.id, ...byAdministrator },
    ]);
    expect(facts.audit?.seq).toBe(told[2]!.seq);
  });

  test('the rest is charged in place of what it replaces, and what it replaces again where nothing comes of the rest', async () => {
    const api = await setup();
    const id = await api.request([api.kept.assetId, api.lost.assetId]);
    await api.publish(id);
    await api.unapprove(api.lost.assetId);
    await setUserQuota(api.db.orm, api.users.requester.id, { ...noQuota, bytes: 2_500 });
    const used = async () => (await api.get('/me')).json().quota[0].used.bytes;
    expect(await used()).toBe(2_000);

    const response = await api.retry(id);

    expect(response.statusCode, response.body).toBe(202);
    expect(await used()).toBe(1_000);
    const rest = response.json().id;
    expect((await api.post(`/downloads/${rest}/cancel`, undefined)).statusCode).toBe(200);
    expect(await used()).toBe(2_000);
    expect((await api.retry(rest)).statusCode).toBe(202);
    expect(await used()).toBe(1_000);
  });

  test('neither names that can no longer be chosen nor a lowered limit on assets keep a download from being retried', async () => {
    const api = await setup();
    await api.switchVisibility({ multiSelectRenditionNames: true });
    const assetIds = [api.kept.assetId, (await api.addAsset()).assetId, api.lost.assetId];
    const body = { renditions: undefined, renditionNames: ['original'] };
    const [ready, cancelled] = [await api.request(assetIds, body), await api.request(assetIds, body)];
    await api.publish(ready);
    await api.post(`/downloads/${cancelled}/cancel`, undefined);
    await api.switchVisibility({ multiSelectRenditionNames: false, maxAssetsPerDownload: 1 });

    const again = await api.retry(cancelled);
    expect(again.statusCode, again.body).toBe(202);
    await api.unapprove(api.lost.assetId);
    const rest = await api.retry(ready);
    expect(rest.statusCode, rest.body).toBe(202);
    expect(rest.json().counts).toEqual({ included: 2, excluded: 1 });
    const asked = await api.post('/downloads', { assetIds: [api.kept.assetId], renditionNames: ['original'] });
    expect([asked.statusCode, asked.json().code]).toEqual([400, 'input.invalid']);
  });
});
