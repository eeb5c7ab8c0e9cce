import { expect, onTestFinished, test } from 'vitest';
import { setupApi } from '../../../test/harness/api.ts';
import { requestDownload } from '../../../test/harness/request-download.ts';

const unknownId = '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';

/** What an auditor may send though its method changes things: it only computes, or touches their own account. */
const openToAuditors = [
  'DELETE /api/v1/me/tokens/{id}',
  'PATCH /api/v1/me/preferences',
  'POST /api/v1/admin/retention/simulation',
  'POST /api/v1/admin/visibility/explain',
  'POST /api/v1/admin/visibility/simulate',
  'POST /api/v1/downloads/preflight',
  'POST /api/v1/me/inbox/read',
  'POST /api/v1/me/inbox/{id}/read',
  'POST /api/v1/me/tokens',
];

async function setup() {
  const api = await setupApi();
  onTestFinished(api.close);
  const { paths } = (await api.app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path })),
  );
  const asAuditor = async ({ method, path }: { method: string; path: string }) => {
    const url = path.replaceAll(/\{\w+\}/g, unknownId);
    const answer = await api.app.inject({
      method: method as 'GET',
      url,
      headers: api.users.auditor.headers,
      // A stream of events has no end to wait for.
      payloadAsStream: true,
      ...(method === 'GET' || method === 'DELETE' ? {} : { payload: {} }),
    });
    answer.stream().destroy();
    return answer.statusCode;
  };
  const get = (url: string) => api.app.inject({ url: `/api/v1${url}`, headers: api.users.auditor.headers });
  return { ...api, calls: calls.filter(({ path }) => path.startsWith('/api/v1/')), asAuditor, get };
}

test('an auditor may read whatever there is under /admin', async () => {
  const { calls, asAuditor } = await setup();
  const readings = calls.filter(({ method, path }) => method === 'GET' && path.startsWith('/api/v1/admin/'));
  expect(readings.length).toBeGreaterThan(10);
  for (const call of readings) expect([401, 403], call.path).not.toContain(await asAuditor(call));
});

test('an auditor changes nothing: every other operation is refused before its input is looked at', async () => {
  const { calls, asAuditor } = await setup();
  const changing = calls.filter(({ method }) => !['GET', 'HEAD'].includes(method));
  const open: string[] = [];
  for (const call of changing) if ((await asAuditor(call)) !== 403) open.push(`${call.method} ${call.path}`);
  expect(open.sort()).toEqual(openToAuditors);
});

test("an auditor sees everybody's downloads and what is not approved, and cannot touch either", async () => {
  const { get, app, users, ...api } = await setup();
  const id = await requestDownload(api, users.requester, { assetIds: [unknownId] });
  expect((await get('/downloads?requester=all')).json().items).toMatchObject([{ id }]);
  expect((await get(`/downloads/${id}`)).json()).toMatchObject({ id, state: 'requested' });
  expect((await get(`/downloads/${id}/items`)).statusCode).toBe(200);
  expect((await get('/assets?status=draft')).statusCode).toBe(200);
  const cancelled = await app.inject({
    method: 'POST',
    url: `/api/v1/downloads/${id}/cancel`,
    headers: users.auditor.headers,
  });
  expect([cancelled.statusCode, cancelled.json().code]).toEqual([403, 'auth.forbidden']);
  expect((await get(`/downloads/${id}`)).json().state).toBe('requested');
});
