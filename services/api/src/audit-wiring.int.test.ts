import { type AuditRow, readAuditRows } from '@sheaf/db/audit/read-audit-rows';
import { samplePdf } from '@sheaf/ingest/testing/pdf-samples';
import { hashPassword } from 'better-auth/crypto';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TestUser } from '../../../test/harness/api.ts';
import { setupDownloads } from '../../../test/harness/downloads.ts';
import { form } from '../../../test/harness/form.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { db, app, users } = api;
  let seen = 0;
  /** The events since it was asked last, without what every event has. */
  async function told() {
    await app.accessRecorder.settled();
    const rows: AuditRow[] = [];
    for await (const page of readAuditRows(db.orm, seen + 1)) rows.push(...page);
    seen += rows.length;
    return rows.map(({ record }) => {
      const { at: _, ipAddress, userAgent, detail, ...event } = JSON.parse(record);
      const { requestId, ...rest } = detail;
      const applies = Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null));
      return { ...applies, detail: rest, origin: { ipAddress, userAgent, requestId } };
    });
  }
  const send = async (method: 'PATCH' | 'DELETE' | 'POST', url: string, user: TestUser, payload?: object) => {
    const headers = { ...user.headers, 'user-agent': 'Test/1' };
    const response = await app.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) });
    if (response.statusCode >= 300) throw new Error(response.body);
    return response;
  };
  const sendForm = async (url: string, user: TestUser, fields: Record<string, string>, bytes: Buffer, name: string) => {
    const { payload, headers } = await form(fields, { name, bytes });
    const response = await app.inject({
      method: 'POST',
      url: `/api/v1${url}`,
      headers: { ...headers, ...user.headers },
      payload,
    });
    if (response.statusCode !== 201) throw new Error(response.body);
    return response.json();
  };
  return { ...api, told, send, sendForm, requester: users.requester, administrator: users.administrator };
}

const origin = { ipAddress: '127.0.0.1', userAgent: 'Test/1', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) };

describe('requests', () => {
  test('a request is told with what was asked for, and each licence that was accepted for it', async () => {
    const { addLicence, addAsset, send, told, requester } = await setup();
    const licence = await addLicence();
    const { assetId } = await addAsset({ licenceId: licence.licenceId, renditions: ['web'] });
    const body = {
      name: 'Spring',
      assetIds: [assetId],
      renditions: 'originals-and-static',
      acceptLicences: [licence],
      notify: { email: true, to: ['third@example.com'] },
    };
    const downloadId = (await send('POST', '/downloads', requester, body)).json().id;
    const { licenceId, sha256 } = licence;
    const counts = { assets: 1, included: 1, excluded: 0, entries: 2, renamed: 0 };
    const options = { renditions: 'originals-and-static', format: 'zip', notify: { email: true, others: 1 } };
    const events = await told();
    expect(events).toMatchObject([
      {
        actorId: requester.id,
        action: 'download.requested',
        downloadId,
        detail: { name: 'Spring', assets: 1, counts, options },
        origin,
      },
      {
        actorId: requester.id,
        action: 'licence.accepted',
        downloadId,
        licenceId,
        detail: { version: 1, sha256 },
        origin,
      },
    ]);
    expect(JSON.stringify(events)).not.toContain('third@example.com');
  });

  test('a file that is sent as it is, is told with its asset and rendition', async () => {
    const { addLicence, addAsset, send, told, requester } = await setup();
    const licence = await addLicence();
    const { assetId, original } = await addAsset({ licenceId: licence.licenceId });
    await send('POST', '/downloads', requester, { assetIds: [assetId], acceptLicences: [licence] });
    expect(await told()).toMatchObject([
      { action: 'download.direct', assetId, detail: { renditionId: original.id }, origin },
      { action: 'licence.accepted', assetId, licenceId: licence.licenceId, origin },
    ]);
  });

  test('a refused request tells of nothing, and a repeated one of nothing twice', async () => {
    const { addAsset, post, told } = await setup();
    const { assetId } = await addAsset({ renditions: ['web'] });
    await post('/downloads', { assetIds: ['01900000-0000-7000-8000-000000000000'] });
    const body = { assetIds: [assetId], renditions: 'originals-and-static' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post('/downloads', body, undefined, { 'idempotency-key': 'once' })),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    expect(await told()).toMatchObject([{ action: 'download.requested' }]);
  });
});

describe('downloads and links', () => {
  test('what becomes of a download is told: cancelled, retried, ready with its parts, revoked', async () => {
    const { addAsset, request, publish, send, told, requester, administrator } = await setup();
    const { assetId } = await addAsset({ renditions: ['web'] });
    const downloadId = await request([assetId]);
    await told();
    await send('POST', `/downloads/${downloadId}/cancel`, requester);
    await send('POST', `/downloads/${downloadId}/retry`, requester);
    const { parts } = await publish(downloadId, [Buffer.from('one'), Buffer.from('three')]);
    await send('POST', `/downloads/${downloadId}/revoke`, administrator);
    const partsTold = parts.map(({ sha256, bytes }, index) => ({ number: index + 1, sha256, size: bytes.length }));
    expect(await told()).toMatchObject([
      { action: 'download.cancelled', actorId: requester.id, downloadId, detail: { state: 'cancelled' }, origin },
      { action: 'download.retried', actorId: requester.id, downloadId, origin },
      { action: 'download.ready', downloadId, detail: { parts: partsTold } },
      { action: 'download.revoked', actorId: administrator.id, downloadId, detail: { state: 'revoked' }, origin },
    ]);
  });

  test('links are told without their tokens, and revoked once', async () => {
    const { addAsset, request, publish, send, told, requester } = await setup();
    const downloadId = await request([(await addAsset({ renditions: ['web'] })).assetId]);
    await publish(downloadId);
    await told();
    const { id: linkId, url, expiresAt } = (await send('POST', `/downloads/${downloadId}/links`, requester)).json();
    await send('DELETE', `/downloads/${downloadId}/links/${linkId}`, requester);
    await send('DELETE', `/downloads/${downloadId}/links/${linkId}`, requester);
    const events = await told();
    expect(events).toMatchObject([
      { action: 'link.created', downloadId, detail: { linkId, expiresAt }, origin },
      { action: 'link.revoked', downloadId, detail: { linkId }, origin },
    ]);
    expect(JSON.stringify(events)).not.toContain(url.split('/').at(-1));
  });
});

describe('what is handed out', () => {
  test('every answered GET of a link is told with its range and bytes; a HEAD is not', async () => {
    const { addAsset, request, publish, app, told } = await setup();
    const downloadId = await request([(await addAsset({ renditions: ['web'] })).assetId]);
    const { token } = await publish(downloadId, [Buffer.alloc(2_000)]);
    await told();
    const fetch = (method: 'GET' | 'HEAD', headers: object = {}) =>
      app.inject({ method, url: `/d/${token}`, headers: { 'user-agent': 'Test/1', ...headers } });
    await fetch('HEAD');
    await fetch('GET');
    await fetch('GET', { range: 'bytes=10-19' });
    await fetch('GET', { range: 'bytes=9000-' });
    const subject = { action: 'bundle.accessed', downloadId, origin };
    const events = await vi.waitFor(async () => {
      const all = await told();
      expect(all).toHaveLength(3);
      return all;
    });
    expect(events).toMatchObject([
      { ...subject, detail: { part: 1, status: 200, bytesSent: 2_000 } },
      { ...subject, detail: { part: 1, status: 206, range: 'bytes=10-19', rangeStart: 10, bytesSent: 10 } },
      { ...subject, detail: { part: 1, status: 416, range: 'bytes=9000-', bytesSent: 0 } },
    ]);
    expect(events.some((event) => 'actorId' in event)).toBe(false);
    expect(JSON.stringify(events)).not.toContain(token);
  });

  test('a link that is refused is told with the reasons', async () => {
    const { addAsset, request, publish, app, send, told, administrator } = await setup();
    const { assetId } = await addAsset({ renditions: ['web'] });
    const downloadId = await request([assetId]);
    const { token } = await publish(downloadId);
    await send('PATCH', `/assets/${assetId}`, administrator, { status: 'rejected' });
    await told();
    expect((await app.inject({ url: `/d/${token}` })).statusCode).toBe(410);
    const reasons = [{ assetId, reason: 'asset.not_found' }];
    expect(await told()).toMatchObject([
      { action: 'bundle.refused', downloadId, detail: { status: 410, code: 'download.assets_refused', reasons } },
    ]);
    await send('POST', `/downloads/${downloadId}/revoke`, administrator);
    expect((await app.inject({ url: `/d/${token}` })).statusCode).toBe(410);
    expect(await told()).toMatchObject([
      { action: 'download.revoked' },
      { action: 'bundle.refused', downloadId, detail: { status: 410, code: 'link.revoked' } },
    ]);
  });

  test('the same refusal of a link is told once within a minute', async () => {
    const { addAsset, request, publish, app, send, told, administrator, clock } = await setup();
    const downloadId = await request([(await addAsset({ renditions: ['web'] })).assetId]);
    const { token } = await publish(downloadId);
    await send('POST', `/downloads/${downloadId}/revoke`, administrator);
    await told();
    for (let n = 0; n < 5; n++) expect((await app.inject({ url: `/d/${token}` })).statusCode).toBe(410);
    expect(await told()).toMatchObject([{ action: 'bundle.refused' }]);
    clock.advance(60_000);
    await app.inject({ url: `/d/${token}` });
    expect(await told()).toMatchObject([{ action: 'bundle.refused' }]);
  });

  test('a range header is told by its first 100 characters', async () => {
    const { addAsset, request, publish, app, told } = await setup();
    const { token } = await publish(await request([(await addAsset({ renditions: ['web'] })).assetId]));
    await told();
    const range = `bytes=0-0${',1-1'.repeat(500)}`;
    await app.inject({ url: `/d/${token}`, headers: { range } });
    expect(await told()).toMatchObject([{ action: 'bundle.accessed', detail: { range: range.slice(0, 100) } }]);
  });

  test('a file is told with who had it; a thumbnail is not worth it', async () => {
    const { addAsset, app, told, requester } = await setup();
    const { assetId, original, renditions } = await addAsset({ renditions: ['thumbnail'] });
    for (const id of [renditions[0]!.id, original.id]) {
      const url = `/api/v1/assets/${assetId}/renditions/${id}/content`;
      await app.inject({ url, headers: { ...requester.headers, 'user-agent': 'Test/1' } });
    }
    const detail = { renditionId: original.id, status: 200, bytesSent: 1_000 };
    expect(await told()).toMatchObject([{ action: 'file.accessed', actorId: requester.id, assetId, detail, origin }]);
  });

  test('accesses that come in while others are written are written together, and none is lost', async () => {
    const { addAsset, request, publish, app, told, db } = await setup();
    const { token } = await publish(await request([(await addAsset({ renditions: ['web'] })).assetId]));
    await told();
    const transaction = vi.spyOn(db, 'transaction');
    await Promise.all(
      Array.from({ length: 60 }, () => app.inject({ url: `/d/${token}`, headers: { range: 'bytes=0-0' } })),
    );
    expect(await told()).toHaveLength(60);
    expect(transaction.mock.calls.length).toBeLessThan(60);
  });
});

describe('the catalogue', () => {
  test('assets are told as added, changed with before and after, and deleted', async () => {
    const { send, sendForm, told, administrator, users } = await setup();
    const { id: assetId } = await sendForm(
      '/assets',
      users.contributor,
      { title: 'Old' },
      Buffer.from('text'),
      'a.txt',
    );
    await send('PATCH', `/assets/${assetId}`, administrator, { title: 'New', status: 'approved' });
    await send('PATCH', `/assets/${assetId}`, administrator, { title: 'New' });
    await send('DELETE', `/assets/${assetId}`, administrator);
    const changed = { before: { title: 'Old', status: 'draft' }, after: { title: 'New', status: 'approved' } };
    expect(await told()).toMatchObject([
      {
        action: 'asset.added',
        actorId: users.contributor.id,
        assetId,
        detail: { title: 'Old', fileName: 'a.txt', size: 4 },
      },
      { action: 'asset.changed', actorId: administrator.id, assetId, detail: changed, origin },
      {
        action: 'asset.deleted',
        actorId: administrator.id,
        assetId,
        detail: { title: 'New', fileName: 'a.txt' },
        origin,
      },
    ]);
  });

  test('licences are told as created, and changed with before and after', async () => {
    const { send, sendForm, told, administrator } = await setup();
    const { id: licenceId } = await sendForm('/licences', administrator, { title: 'Press' }, samplePdf(), 'terms.pdf');
    await send('PATCH', `/licences/${licenceId}`, administrator, { approved: true });
    expect(await told()).toMatchObject([
      { action: 'licence.created', licenceId, detail: { title: 'Press', approved: false } },
      {
        action: 'licence.changed',
        actorId: administrator.id,
        licenceId,
        detail: { before: { approved: false }, after: { approved: true } },
        origin,
      },
    ]);
  });

  test('a change that is refused tells of nothing', async () => {
    const { app, addAsset, told, administrator } = await setup();
    const { assetId } = await addAsset();
    const payload = { licenceId: '01900000-0000-7000-8000-000000000000' };
    const { headers } = administrator;
    const refused = await app.inject({ method: 'PATCH', url: `/api/v1/assets/${assetId}`, headers, payload });
    expect(refused.statusCode).toBe(400);
    expect(await told()).toEqual([]);
  });
});

describe('sign-in', () => {
  async function setupPerson() {
    const api = await setup();
    const person = await api.addUser('requester', {
      email: 'person@example.com',
      passwordHash: await hashPassword('correct horse battery'),
    });
    const signIn = (password: string) =>
      api.app.inject({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        headers: { 'user-agent': 'Test/1' },
        payload: { email: person.email, password },
      });
    return { ...api, person, signIn };
  }

  test('who signs in is told; a wrong password is not a sign-in', async () => {
    const { signIn, told, person } = await setupPerson();
    expect((await signIn('wrong horse battery')).statusCode).toBe(401);
    expect((await signIn('correct horse battery')).statusCode).toBe(200);
    const detail = { method: 'password' };
    expect(await told()).toMatchObject([{ action: 'user.signed_in', actorId: person.id, detail, origin }]);
  });

  test('nobody gets a session of which there is no record', async () => {
    const { signIn, db } = await setupPerson();
    vi.spyOn(db, 'transaction').mockRejectedValue(new Error('the log cannot be written'));
    const answer = await signIn('correct horse battery');
    expect([answer.statusCode, answer.cookies]).toEqual([500, []]);
  });
});

describe('webhooks', () => {
  test('are told as created, changed and deleted, with their host, and not with an address that may hold a secret', async () => {
    const { send, told, requester } = await setup();
    const url = 'https://hooks.example.com/services/a-secret';
    const { id } = (await send('POST', '/webhooks', requester, { url, events: ['download.ready'] })).json();
    await send('PATCH', `/webhooks/${id}`, requester, {
      url: 'https://other.example.com:8443/b-secret',
      enabled: false,
    });
    await send('DELETE', `/webhooks/${id}`, requester);
    const events = ['download.ready'];
    const who = { actorId: requester.id, origin };
    const all = await told();
    expect(all).toEqual([
      {
        action: 'webhook.created',
        ...who,
        detail: { webhookId: id, host: 'hooks.example.com', events, enabled: true },
      },
      {
        action: 'webhook.changed',
        ...who,
        detail: { webhookId: id, host: 'other.example.com:8443', events, enabled: false },
      },
      {
        action: 'webhook.deleted',
        ...who,
        detail: { webhookId: id, host: 'other.example.com:8443', events, enabled: false },
      },
    ]);
  });
});
