import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { acceptances } from '@sheaf/db/schema/downloads';
import { encryptedPdf, samplePdf } from '@sheaf/ingest/testing/pdf-samples';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TestUser } from '../../../../../test/harness/api.ts';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';
import { form } from '../../../../../test/harness/form.ts';

const unknownId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';
const pdf = samplePdf();
const otherPdf = samplePdf({ text: 'New terms' });

const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { app, users } = api;
  const get = (url: string, user: TestUser = users.requester, headers = {}) =>
    app.inject({ url: `/api/v1/licences${url}`, headers: { ...headers, ...user.headers } });
  const send = (method: 'POST' | 'PATCH', url: string, payload: object, user: TestUser = users.administrator) =>
    app.inject({ method, url: `/api/v1/licences${url}`, payload, headers: user.headers });
  const sendForm = async (
    method: 'POST' | 'PATCH',
    url: string,
    fields: Record<string, string>,
    bytes: Buffer | null,
    key?: string,
  ) => {
    const { payload, headers } = await form(fields, bytes && { name: 'terms.pdf', bytes });
    const extra = key === undefined ? {} : { 'idempotency-key': key };
    return app.inject({
      method,
      url: `/api/v1/licences${url}`,
      payload,
      headers: { ...headers, ...extra, ...users.administrator.headers },
    });
  };
  return { ...api, get, send, sendForm };
}

describe('GET /licences', () => {
  test('shows approved ones to everybody and the others to administrators', async () => {
    const { addLicence, get, users } = await setup();
    const approved = await addLicence();
    const draft = await addLicence({ approved: false });
    const ids = async (user?: TestUser) =>
      (await get('', user)).json().items.map((licence: { id: string }) => licence.id);
    expect(await ids()).toEqual([approved.licenceId]);
    expect(await ids(users.administrator)).toEqual([draft.licenceId, approved.licenceId]);
  });

  test('says which terms the caller has accepted, and counts old terms for nothing', async () => {
    const { addLicence, get, db, users, sendForm } = await setup();
    const { licenceId, sha256 } = await addLicence();
    await db.orm.insert(acceptances).values({ userId: users.requester.id, licenceId, version: 1, sha256 });
    const accepted = async (user?: TestUser) => (await get(`/${licenceId}`, user)).json().accepted;
    expect([await accepted(), await accepted(users.other)]).toEqual([true, false]);
    expect((await get('')).json().items[0].accepted).toBe(true);
    await sendForm('PATCH', `/${licenceId}`, {}, otherPdf);
    expect(await accepted()).toBe(false);
  });

  test('where each download asks anew, no terms are shown as accepted', async () => {
    const { addLicence, get, db, users, switchVisibility } = await setup();
    const { licenceId, sha256 } = await addLicence();
    await db.orm.insert(acceptances).values({ userId: users.requester.id, licenceId, version: 1, sha256 });
    await switchVisibility({ licenceAcceptance: 'per-download' });
    expect((await get(`/${licenceId}`)).json().accepted).toBe(false);
    expect((await get('')).json().items[0].accepted).toBe(false);
  });

  test('one that is not approved is 404, like one that is not there, except to administrators', async () => {
    const { addLicence, get, users } = await setup();
    const { licenceId, sha256 } = await addLicence({ approved: false });
    const problem = async (id: string) => {
      const { requestId, ...said } = (await get(`/${id}`)).json();
      return JSON.stringify(said).replaceAll(id, '…');
    };
    expect((await get(`/${licenceId}`)).statusCode).toBe(404);
    expect(await problem(licenceId)).toBe(await problem(unknownId));
    expect((await get(`/${licenceId}`, users.administrator)).json()).toMatchObject({ approved: false, sha256 });
  });

  test('one that is not there is 404', async () => {
    const { get } = await setup();
    expect((await get(`/${unknownId}`)).statusCode).toBe(404);
    expect((await get(`/${unknownId}/document`)).statusCode).toBe(404);
  });
});

describe('GET /licences/{id}/document', () => {
  test('is the PDF of an approved licence, to be shown in the page', async () => {
    const { sendForm, get } = await setup();
    const { id, sha256 } = (await sendForm('POST', '', { title: 'Terms / 2026', approved: 'true' }, pdf)).json();
    const answer = await get(`/${id}/document`);
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload).toEqual(pdf);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(pdf.length),
      etag: `"${sha256}"`,
    });
    expect(answer.headers['content-disposition']).toMatch(/^inline/);
    const again = await get(`/${id}/document`, undefined, { 'if-none-match': `"${sha256}"` });
    expect(again.statusCode).toBe(304);
  });

  test('rule 6: is unavailable while the licence is not approved, except to administrators', async () => {
    const { sendForm, get, users } = await setup();
    const { id } = (await sendForm('POST', '', { title: 'Terms' }, pdf)).json();
    const answer = await get(`/${id}/document`);
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'licence.document_unavailable']);
    expect((await get(`/${id}/document`, users.administrator)).rawPayload).toEqual(pdf);
  });

  test('is unavailable once the licence has expired, and where there is none', async () => {
    const { sendForm, send, get, clock, users } = await setup();
    const expiresAt = new Date(clock().getTime() + 1_000).toISOString();
    const { id } = (await sendForm('POST', '', { title: 'Terms', approved: 'true', expiresAt }, pdf)).json();
    clock.advance(1_000);
    expect((await get(`/${id}/document`)).statusCode).toBe(404);
    const bare = (await send('POST', '', { title: 'No terms yet' })).json();
    expect((await get(`/${bare.id}/document`, users.administrator)).statusCode).toBe(404);
  });

  test('whose file was removed behind our back is 410 blob.missing', async () => {
    const { sendForm, get, storage } = await setup();
    const { id, sha256 } = (await sendForm('POST', '', { title: 'Terms', approved: 'true' }, pdf)).json();
    await storage.blobs.remove(sha256);
    const answer = await get(`/${id}/document`);
    expect([answer.statusCode, answer.json().code]).toEqual([410, 'blob.missing']);
  });
});

describe('POST and PATCH /licences', () => {
  test('first the fields, later the document, then the approval', async () => {
    const { send, sendForm } = await setup();
    const created = await send('POST', '', { title: 'Terms' });
    const { id } = created.json();
    expect([created.statusCode, created.headers.location]).toEqual([201, `/api/v1/licences/${id}`]);
    expect(created.json()).toMatchObject({ title: 'Terms', approved: false, sha256: null });
    const early = await send('PATCH', `/${id}`, { approved: true });
    expect([early.statusCode, early.json().errors]).toEqual([
      400,
      [{ path: '/approved', message: 'needs the PDF of the terms' }],
    ]);
    expect((await sendForm('PATCH', `/${id}`, {}, pdf)).json().sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await send('PATCH', `/${id}`, { approved: true })).json()).toMatchObject({
      title: 'Terms',
      approved: true,
    });
  });

  test('only administrators may', async () => {
    const { send, users } = await setup();
    expect((await send('POST', '', { title: 'x' }, users.contributor)).statusCode).toBe(403);
    expect((await send('PATCH', `/${unknownId}`, { title: 'x' }, users.requester)).statusCode).toBe(403);
  });

  test('what is no PDF is refused and leaves nothing behind', async () => {
    const { sendForm, db, storage } = await setup();
    // Before the first blob the store cannot tell that it is there.
    await storage.blobs.put(Readable.from([Buffer.from('another')]));
    const answers = await Promise.all([
      sendForm('POST', '', { title: 'x' }, Buffer.from('<html>')),
      sendForm('POST', '', { title: 'x' }, Buffer.from('%PD')),
      sendForm('POST', '', { title: 'x' }, Buffer.from('%PDF-1.7\nterms\n%%EOF\n')),
      sendForm('POST', '', { title: 'x' }, samplePdf({ pages: 0 })),
      sendForm('POST', '', { title: 'x' }, encryptedPdf('secret')),
      sendForm('POST', '', { title: 'x' }, Buffer.alloc(0)),
      sendForm('POST', '', { title: 'x' }, null),
    ]);
    expect(answers.map((answer) => [answer.statusCode, answer.json().code])).toEqual([
      [422, 'upload.unreadable'],
      [422, 'upload.unreadable'],
      [422, 'upload.unreadable'],
      [422, 'upload.unreadable'],
      [422, 'upload.unreadable'],
      [422, 'upload.empty'],
      [422, 'upload.empty'],
    ]);
    expect(await db.orm.query.licences.findMany()).toEqual([]);
    expect(await db.orm.query.blobs.findMany()).toEqual([]);
    const stored = await Promise.all([
      storage.blobs.stat(sha256Of(encryptedPdf('secret'))),
      storage.blobs.stat(sha256Of(Buffer.from('<html>'))),
    ]);
    expect(stored).toEqual([null, null]);
  });

  test('a change of a licence that is not there is 404 and leaves no document behind', async () => {
    const { sendForm, send, db } = await setup();
    expect((await send('PATCH', `/${unknownId}`, { title: 'x' })).statusCode).toBe(404);
    expect((await sendForm('PATCH', `/${unknownId}`, {}, pdf)).statusCode).toBe(404);
    expect(await db.orm.query.blobs.findMany()).toEqual([]);
  });

  test.each([
    [{}],
    [{ title: '' }],
    [{ title: 'x', approved: 'yes' }],
    [{ title: 'x', sha256: 'y' }],
    [{ title: 'x', approved: true }],
  ])('%j is refused', async (payload) => {
    const { send } = await setup();
    const answer = await send('POST', '', payload);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
  });

  test('the same Idempotency-Key with the same document gives the same licence, with another 409', async () => {
    const { sendForm, db } = await setup();
    const first = await sendForm('POST', '', { title: 'x' }, pdf, 'k');
    const again = await sendForm('POST', '', { title: 'x' }, pdf, 'k');
    expect(again.json()).toEqual(first.json());
    const other = await sendForm('POST', '', { title: 'x' }, otherPdf, 'k');
    expect([other.statusCode, other.json().code]).toEqual([409, 'idempotency.mismatch']);
    expect(await db.orm.query.licences.findMany()).toHaveLength(1);
  });
});
