import { acceptances } from '@sheaf/db/schema/downloads';
import { samplePdf } from '@sheaf/ingest/testing/pdf-samples';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';
import { form } from '../../../../../test/harness/form.ts';

const unknownId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';
const [first, second] = [samplePdf({ text: 'First' }), samplePdf({ text: 'Second' })];

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { app, users } = api;
  const upload = async (method: 'POST' | 'PATCH', url: string, fields: Record<string, string>, bytes: Buffer) => {
    const { payload, headers } = await form(fields, { name: 'terms.pdf', bytes });
    return app.inject({
      method,
      url: `/api/v1/licences${url}`,
      payload,
      headers: { ...headers, ...users.administrator.headers },
    });
  };
  const { id, sha256 } = (await upload('POST', '', { title: 'Terms', approved: 'true' }, first)).json();
  const replace = (bytes: Buffer) => upload('PATCH', `/${id}`, {}, bytes);
  const accept = async (version: number, extra: Partial<typeof acceptances.$inferInsert> = {}) =>
    api.db.orm.insert(acceptances).values({ userId: users.requester.id, licenceId: id, version, sha256, ...extra });
  const versions = async (query = '') =>
    (await api.get(`/licences/${id}/versions${query}`, users.administrator)).json();
  return { ...api, licence: { id: id as string, sha256: sha256 as string }, replace, accept, versions };
}

describe('versions of a licence', () => {
  test('another document is a new version, with who uploaded it and when', async () => {
    const { replace, versions, licence, users, clock } = await setup();
    clock.advance(1_000);
    expect((await replace(second)).json()).toMatchObject({ id: licence.id, version: 2 });
    const createdBy = { id: users.administrator.id, name: users.administrator.name };
    expect((await versions()).items).toEqual([
      {
        number: 2,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        size: second.length,
        createdBy,
        createdAt: clock().toISOString(),
        acceptances: 0,
        documentUrl: `/api/v1/licences/${licence.id}/versions/2/document`,
      },
      expect.objectContaining({ number: 1, sha256: licence.sha256, size: first.length, createdBy }),
    ]);
  });

  test('the very document in force changes nothing', async () => {
    const { replace, versions, get, licence, accept } = await setup();
    await accept(1);
    expect((await replace(first)).json()).toMatchObject({ version: 1, accepted: false });
    expect((await versions()).items).toHaveLength(1);
    expect((await get(`/licences/${licence.id}`)).json()).toMatchObject({ version: 1, accepted: true });
  });

  test('a document that was in force before is a new version, which asks for acceptance anew', async () => {
    const { replace, get, licence, accept } = await setup();
    await accept(1);
    await replace(second);
    await replace(first);
    expect((await get(`/licences/${licence.id}`)).json()).toMatchObject({
      version: 3,
      sha256: licence.sha256,
      accepted: false,
    });
  });

  test('documents that come at once get consecutive numbers', async () => {
    const { replace, versions } = await setup();
    const documents = ['a', 'b', 'c', 'd', 'e'].map((text) => samplePdf({ text }));
    const answers = await Promise.all(documents.map((bytes) => replace(bytes)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
    const { items } = await versions();
    expect(items.map(({ number }: { number: number }) => number)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  test('a licence without a document has no version yet', async () => {
    const { post, users, get } = await setup();
    const { id, version } = (await post('/licences', { title: 'Bare' }, users.administrator)).json();
    expect(version).toBe(0);
    expect((await get(`/licences/${id}/versions`, users.administrator)).json()).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  test('are listed by pages, with the number of acceptances of each', async () => {
    const { replace, versions, accept } = await setup();
    await replace(second);
    await accept(1);
    await accept(1);
    await accept(2);
    const newest = await versions('?limit=1');
    expect(newest.items).toMatchObject([{ number: 2, acceptances: 1 }]);
    const older = await versions(`?limit=1&cursor=${newest.nextCursor}`);
    expect(older).toMatchObject({ items: [{ number: 1, acceptances: 2 }], nextCursor: null });
  });

  test('are for administrators, of a licence that is there, by a cursor that we gave', async () => {
    const { get, licence, users } = await setup();
    for (const what of ['versions', 'acceptances']) {
      expect((await get(`/licences/${licence.id}/${what}`)).statusCode).toBe(403);
      expect((await get(`/licences/${unknownId}/${what}`, users.administrator)).statusCode).toBe(404);
      const forged = await get(`/licences/${licence.id}/${what}?cursor=xx`, users.administrator);
      expect([forged.statusCode, forged.json().code]).toEqual([400, 'input.invalid']);
    }
  });
});

describe('GET /licences/{id}/versions/{number}/document', () => {
  test('administrators may read any version, in force or not', async () => {
    const { get, licence, replace, users } = await setup();
    await replace(second);
    const read = (number: number) =>
      get(`/licences/${licence.id}/versions/${number}/document`, users.administrator).then((answer) => answer);
    const old = await read(1);
    expect([old.statusCode, old.rawPayload]).toEqual([200, first]);
    expect(old.headers['content-disposition']).toMatch(/^inline.*version 1/);
    expect((await read(2)).rawPayload).toEqual(second);
    expect((await read(3)).statusCode).toBe(404);
  });

  test('whoever accepted a version may read it, also after the licence is withdrawn; nobody else learns of it', async () => {
    const { get, app, licence, replace, accept, users } = await setup();
    await accept(1);
    await replace(second);
    const url = `/api/v1/licences/${licence.id}`;
    await app.inject({ method: 'PATCH', url, headers: users.administrator.headers, payload: { approved: false } });
    const read = async (number: number, user = users.requester) =>
      (await get(`/licences/${licence.id}/versions/${number}/document`, user)).statusCode;
    expect([await read(1), await read(2), await read(1, users.other)]).toEqual([200, 404, 404]);
    const anonymous = await app.inject({ url: `${url}/versions/1/document` });
    expect(anonymous.statusCode).toBe(401);
  });

  test('a number that is none is 400, a file that is gone 410', async () => {
    const { get, licence, storage, users } = await setup();
    expect((await get(`/licences/${licence.id}/versions/x/document`, users.administrator)).statusCode).toBe(400);
    await storage.blobs.remove(licence.sha256);
    const gone = await get(`/licences/${licence.id}/versions/1/document`, users.administrator);
    expect([gone.statusCode, gone.json().code]).toEqual([410, 'blob.missing']);
  });
});

describe('acceptances', () => {
  test('GET /me/acceptances shows my own only, newest first, by pages', async () => {
    const { accept, get, licence, users, clock } = await setup();
    const acceptedAt = clock();
    await accept(1, { acceptedAt, assetId: unknownId });
    await accept(1, { userId: users.other.id });
    await accept(2);
    const newest = (await get('/me/acceptances?limit=1')).json();
    expect(newest.items).toMatchObject([{ version: 2 }]);
    const rest = (await get(`/me/acceptances?cursor=${newest.nextCursor}`)).json();
    expect(rest).toEqual({
      items: [
        {
          id: expect.any(String),
          licence: { id: licence.id, title: 'Terms' },
          version: 1,
          sha256: licence.sha256,
          downloadId: null,
          assetId: unknownId,
          acceptedAt: acceptedAt.toISOString(),
        },
      ],
      nextCursor: null,
    });
  });

  test('GET /licences/{id}/acceptances shows administrators who accepted which version, and from where', async () => {
    const { accept, get, licence, users } = await setup();
    await accept(1, { ipAddress: '192.0.2.7', userAgent: 'a browser' });
    await accept(2, { userId: users.other.id });
    const shown = async (query = '') =>
      (await get(`/licences/${licence.id}/acceptances${query}`, users.administrator)).json();
    const { id, name, email } = users.requester;
    expect((await shown('?version=1')).items).toMatchObject([
      { user: { id, name, email }, version: 1, ipAddress: '192.0.2.7', userAgent: 'a browser', downloadId: null },
    ]);
    const newest = await shown('?limit=1');
    expect(newest.items).toMatchObject([{ user: { id: users.other.id }, version: 2 }]);
    expect((await shown(`?cursor=${newest.nextCursor}`)).items).toMatchObject([{ version: 1 }]);
  });

  test('are for people who have signed in', async () => {
    const { app } = await setup();
    expect((await app.inject({ url: '/api/v1/me/acceptances' })).statusCode).toBe(401);
  });
});
