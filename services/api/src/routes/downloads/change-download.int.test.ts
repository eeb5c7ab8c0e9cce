import { updateAsset } from '@sheaf/db/catalogue/update-asset';
import { endDownload } from '@sheaf/db/downloads/end-download';
import { expireDownloads } from '@sheaf/db/downloads/expire-downloads';
import { heartbeatDownload } from '@sheaf/db/downloads/heartbeat-download';
import { bundleParts } from '@sheaf/db/schema/bundles';
import { downloadItems } from '@sheaf/db/schema/downloads';
import { notifications } from '@sheaf/db/schema/notifications';
import { disableUser } from '@sheaf/db/users/disable-user';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads, type TestDownloads } from '../../../../../test/harness/downloads.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const asset = await api.addAsset({ renditions: ['web'] });
  const id = await api.request([asset.assetId]);
  const act = (action: string, user = api.users.requester) => api.post(`/downloads/${id}/${action}`, undefined, user);
  const row = async () => (await api.db.orm.query.downloads.findFirst({ where: (r, { eq }) => eq(r.id, id) }))!;
  return { ...api, asset, id, act, row };
}

const unknownId = '01900000-0000-7000-8000-000000000000';

/** Brings the download into a state, as the worker would. */
const ways: Record<string, (api: TestDownloads, id: string) => Promise<unknown>> = {
  requested: async () => {},
  queued: (api) => api.relay(),
  async gathering(api, id) {
    await api.relay();
    await api.claim(id, 'gather');
  },
  packing: (api, id) => api.pack(id),
  ready: (api, id) => api.publish(id),
  async failed(api, id) {
    await api.relay();
    const claim = await api.claim(id, 'gather');
    const error = { code: 'storage.full', message: 'Full.' };
    await api.db.transaction((tx) => endDownload(tx, { ...claim, state: 'failed', error, now: api.clock() }));
  },
  cancelled: (api, id) => api.post(`/downloads/${id}/cancel`, undefined),
  async expired(api, id) {
    await api.publish(id);
    const later = new Date(api.clock().getTime() + 30 * 86_400_000);
    await api.db.transaction((tx) => expireDownloads(tx, { now: later, limit: 10 }));
  },
  async revoked(api, id) {
    await api.publish(id);
    await api.post(`/downloads/${id}/revoke`, undefined);
  },
};

const states = Object.keys(ways);
const allowedFrom: Record<string, string[]> = {
  cancel: ['requested', 'queued', 'gathering', 'packing'],
  retry: ['failed', 'cancelled', 'expired'],
  revoke: ['ready', 'expired'],
  links: ['ready'],
};
const actions = Object.keys(allowedFrom);

test.each(states)('409: what cannot be done to a download that is %s changes nothing', async (state) => {
  const api = await setup();
  await ways[state]!(api, api.id);
  const before = await api.row();
  for (const action of actions.filter((name) => !allowedFrom[name]!.includes(state))) {
    const response = await api.act(action);
    expect([response.statusCode, response.json().code], action).toEqual([409, 'download.state_conflict']);
    expect(response.json().state).toBe(state);
  }
  expect(await api.row()).toEqual(before);
});

test("404 for somebody else's download or none, 400 for what is no id, 401 for nobody", async () => {
  const api = await setup();
  const before = await api.row();
  for (const action of actions) {
    const others = await api.act(action, api.users.other);
    const none = await api.post(`/downloads/${unknownId}/${action}`, undefined);
    for (const response of [others, none]) {
      expect([response.statusCode, response.json().code], action).toEqual([404, 'resource.not_found']);
    }
    expect((await api.post(`/downloads/x/${action}`, undefined)).statusCode, action).toBe(400);
    const nobody = await api.app.inject({ method: 'POST', url: `/api/v1/downloads/${api.id}/${action}` });
    expect(nobody.statusCode, action).toBe(401);
  }
  expect(await api.row()).toEqual(before);
});

describe('POST /downloads/{id}/cancel', () => {
  test.each(['requested', 'queued'])('200: ends one that is %s at once, and says so', async (state) => {
    const api = await setup();
    await ways[state]!(api, api.id);

    const response = await api.act('cancel');

    expect([response.statusCode, response.json().state]).toEqual([200, 'cancelled']);
    expect(await api.row()).toMatchObject({ state: 'cancelled', finishedAt: api.clock() });
    expect(await api.db.orm.select().from(notifications)).toMatchObject([
      { downloadId: api.id, event: 'download.cancelled', channel: 'inbox', recipient: api.users.requester.id },
    ]);
  });

  test.each(['gathering', 'packing'])('200: asks the worker of one that is %s to let go', async (state) => {
    const api = await setup();
    await ways[state]!(api, api.id);
    const { epoch } = await api.row();

    const response = await api.act('cancel');
    const again = await api.act('cancel');

    expect([response.statusCode, response.json().state]).toEqual([200, state]);
    expect(again.statusCode).toBe(200);
    const beat = { downloadId: api.id, epoch, leaseSeconds: 60, entriesDone: 0, bytesDone: 0 };
    expect(await heartbeatDownload(api.db.orm, beat)).toEqual({ cancelRequested: true });
  });

  test('an administrator may cancel for others', async () => {
    const api = await setup();
    expect((await api.act('cancel', api.users.administrator)).statusCode).toBe(200);
  });
});

test.each(allowedFrom.revoke!)('POST /downloads/{id}/revoke: 200 for one that is %s', async (state) => {
  const api = await setup();
  await ways[state]!(api, api.id);

  const response = await api.act('revoke');

  expect([response.statusCode, response.json().state]).toEqual([200, 'revoked']);
  expect((await api.act('retry')).statusCode).toBe(409);
});

describe('POST /downloads/{id}/retry', () => {
  test.each(allowedFrom.retry!)('202: starts a download that was %s over, under a new epoch', async (state) => {
    const api = await setup();
    await ways[state]!(api, api.id);
    const { epoch } = await api.row();
    await api.relay();

    const response = await api.act('retry');

    expect(response.statusCode, response.body).toBe(202);
    expect(response.headers.location).toBe(`/api/v1/downloads/${api.id}`);
    expect(response.json()).toMatchObject({ state: 'requested', bundle: null, error: null, expiresAt: null });
    expect(await api.row()).toMatchObject({
      epoch: epoch + 1,
      cancelRequestedAt: null,
      finishedAt: null,
      readyAt: null,
    });
    expect(await api.db.orm.$count(downloadItems)).toBe(1);
    expect(await api.db.orm.$count(bundleParts)).toBe(0);
    expect(await api.relay()).toEqual([`gather-${api.id}-${epoch + 1}`]);

    await api.publish(api.id);
    expect((await api.get(`/downloads/${api.id}`)).json().bundle.parts[0].url).toMatch(/^\/d\//);
  });

  test('decides afresh: what has become available since is in it', async () => {
    const api = await setup();
    const draft = await api.addAsset({ status: 'draft', renditions: ['web'] });
    const id = await api.request([api.asset.assetId, draft.assetId], { unavailable: 'skip' });
    await api.post(`/downloads/${id}/cancel`, undefined);
    await updateAsset(api.db.orm, draft.assetId, { status: 'approved' }, api.clock());

    const response = await api.post(`/downloads/${id}/retry`, undefined);

    expect(response.json().counts).toEqual({ included: 2, excluded: 0 });
  });

  test('422 where nothing of it may be had any more, and nothing changes', async () => {
    const api = await setup();
    await api.act('cancel');
    await updateAsset(api.db.orm, api.asset.assetId, { status: 'rejected' }, api.clock());
    const before = await api.row();

    const response = await api.act('retry');

    expect([response.statusCode, response.json().code]).toEqual([422, 'download.assets_refused']);
    expect(await api.row()).toEqual(before);
  });

  test("403 for a requester whose account is disabled: an administrator's rights do not stand in", async () => {
    const api = await setup();
    await api.act('cancel');
    await api.db.transaction((tx) => disableUser(tx, api.users.requester.id, api.clock()));
    expect((await api.act('retry', api.users.administrator)).statusCode).toBe(403);
  });

  test('two at once start it over once', async () => {
    const api = await setup();
    await api.act('cancel');
    const answers = await Promise.all([api.act('retry'), api.act('retry')]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([202, 409]);
    expect((await api.row()).epoch).toBe(1);
  });
});
