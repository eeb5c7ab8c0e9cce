import { bundles } from '@sheaf/db/schema/bundles';
import { auditEvents } from '@sheaf/db/schema/evidence';
import { accesses } from '@sheaf/db/schema/links';
import { parseReceipt } from '@sheaf/evidence/receipt';
import { expect, test } from 'vitest';
import type { TestUser } from '../../../../../test/harness/api.ts';
import { setupStreamed } from '../../../../../test/harness/publish-streamed.ts';
import { unzip } from '../../../../../test/harness/unzip.ts';

/** Two requesters who have made the same selection, in different orders, and each accepted its terms. */
async function setup() {
  const api = await setupStreamed();
  const licence = await api.addLicence();
  const assetIds: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    assetIds.push((await api.addAsset({ fileName: `${n}.jpg`, licenceId: licence.licenceId })).assetId);
  }
  const publish = async (user: TestUser, ids: string[]) => {
    const downloadId = await api.request(ids, { acceptLicences: [licence] }, user);
    const { token, parts } = await api.publishStreamed(downloadId, user);
    return { user, downloadId, part: parts[0]!, url: `/d/${token}` };
  };
  const one = await publish(api.users.requester, assetIds);
  const other = await publish(api.users.other, assetIds.toReversed());
  const revoke = ({ downloadId, user }: typeof one) => api.post(`/downloads/${downloadId}/revoke`, undefined, user);
  return { ...api, one, other, revoke };
}

test('the same files are one bundle, whoever asked for them in whatever order; receipts and tags are their own', async () => {
  const { one, other, db, fetch } = await setup();

  expect(other.part.bundle).toEqual(one.part.bundle);
  expect(await db.orm.$count(bundles)).toBe(1);
  const [ones, others] = [(await fetch(one.url)).body, (await fetch(other.url)).body];
  const { contentSize } = one.part.bundle;
  expect(ones.subarray(0, contentSize).equals(others.subarray(0, contentSize))).toBe(true);
  expect(ones.equals(others)).toBe(false);
  expect(one.part.etag).not.toBe(other.part.etag);
  expect(one.part.objectKey).not.toBe(other.part.objectKey);
  for (const { user, downloadId, bytes } of [
    { ...one, bytes: ones },
    { ...other, bytes: others },
  ]) {
    const receipt = parseReceipt((await unzip(bytes)).get('receipt.json')!)!;
    expect(receipt).toMatchObject({ downloadId, requestedBy: { id: user.id, email: user.email } });
    expect(receipt.licences[0]!.acceptedAt).not.toBeNull();
  }
});

test('a half of the one archive is not continued with the other', async () => {
  const { one, other, fetch } = await setup();
  const { status, body } = await fetch(other.url, { range: 'bytes=100-', 'if-range': one.part.etag });
  expect([status, body.length]).toEqual([200, other.part.size]);
});

test("accesses and audit events are told of each requester's own download", async () => {
  const { one, other, db, app, fetch } = await setup();
  await fetch(one.url);
  await fetch(one.url, { range: 'bytes=0-9' });
  await fetch(other.url);
  await app.accessRecorder.settled();

  for (const [{ downloadId }, statuses] of [
    [one, [200, 206]],
    [other, [200]],
  ] as const) {
    const own = <Row extends { downloadId: string | null }>(all: Row[]) =>
      all.filter((row) => row.downloadId === downloadId);
    const rows = own(await db.orm.select().from(accesses).orderBy(accesses.id));
    expect(rows.map(({ status }) => status)).toEqual(statuses);
    const actions = own(await db.orm.select().from(auditEvents)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'bundle.accessed')).toHaveLength(statuses.length);
    expect(actions).toEqual(expect.arrayContaining(['download.requested', 'licence.accepted', 'download.ready']));
  }
});

test('revoking the one leaves the other, and the bundle is removed after the last', async () => {
  const { one, other, db, fetch, revoke, tidyUp } = await setup();
  const { body } = await fetch(other.url);
  const longAgo = () => db.orm.execute("update bundles set used_at = now() - interval '1 day'");

  expect((await revoke(one)).statusCode).toBe(200);
  await longAgo();
  await tidyUp();
  expect((await fetch(one.url)).status).toBe(410);
  const still = await fetch(other.url);
  expect([still.status, still.body.equals(body)]).toEqual([200, true]);
  expect(await db.orm.$count(bundles)).toBe(1);

  await revoke(other);
  await tidyUp();
  expect(await db.orm.$count(bundles)).toBe(0);
  const gone = await fetch(other.url);
  expect([gone.status, JSON.parse(String(gone.body)).code]).toEqual([410, 'link.revoked']);
});
