import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi, type TestApiOptions } from '../../../test/harness/api.ts';

const json = { 'content-type': 'application/json' };

async function setup(options?: TestApiOptions) {
  const api = await setupApi(options);
  onTestFinished(api.close);
  return api;
}

describe('bad requests are answered as problems', () => {
  test.each([
    ['an unknown address', { method: 'GET', url: '/api/v1/nothing' }, 404, 'resource.not_found'],
    ['a broken address', { method: 'GET', url: '/api/v1/assets/%zz' }, 400, 'input.invalid'],
    ['an id that is none', { method: 'GET', url: '/api/v1/assets/1' }, 400, 'input.invalid'],
    [
      'broken JSON',
      { method: 'POST', url: '/api/v1/webhooks', payload: '{"url":', headers: json },
      400,
      'input.invalid',
    ],
    ['no JSON', { method: 'POST', url: '/api/v1/webhooks', payload: '', headers: json }, 400, 'input.invalid'],
    ['a wrong type', { method: 'POST', url: '/api/v1/webhooks', payload: { url: 7 } }, 400, 'input.invalid'],
    [
      'an unknown field',
      { method: 'POST', url: '/api/v1/me/tokens', payload: { name: 'a', x: 1 } },
      400,
      'input.invalid',
    ],
    [
      'a character that cannot be stored',
      { method: 'POST', url: '/api/v1/me/tokens', payload: { name: 'a\0' } },
      400,
      'input.invalid',
    ],
    ['a broken cursor', { method: 'GET', url: '/api/v1/assets?cursor=abc' }, 400, 'input.invalid'],
    ['a limit over 200', { method: 'GET', url: '/api/v1/assets?limit=201' }, 400, 'input.invalid'],
    [
      'another content type',
      { method: 'POST', url: '/api/v1/webhooks', payload: '<a/>', headers: { 'content-type': 'text/xml' } },
      415,
      'input.media_type',
    ],
    [
      '10 MB of body',
      { method: 'POST', url: '/api/v1/webhooks', payload: `"${'x'.repeat(10_000_000)}"`, headers: json },
      413,
      'input.too_large',
    ],
  ] as const)('%s', async (_name, request, status, code) => {
    const { app, users } = await setup();
    const given = 'headers' in request ? request.headers : {};

    const answer = await app.inject({ ...request, headers: { ...given, ...users.requester.headers } });

    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({ code, status, title: expect.any(String), detail: expect.any(String) });
    expect(answer.json().requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('every wrong field is named with its path', async () => {
    const { app, users } = await setup();
    const { headers } = users.requester;
    const payload = { url: 'https://example.com', events: ['download.ready', 'nothing'], unknown: 1, enabled: 'yes' };

    const answer = await app.inject({ method: 'POST', url: '/api/v1/webhooks', payload, headers });

    expect(answer.json().errors).toEqual(
      expect.arrayContaining([
        { path: '/unknown', message: 'is not a known field' },
        { path: '/events/1', message: expect.stringContaining('must be one of download.ready') },
        { path: '/enabled', message: 'must be boolean' },
      ]),
    );
  });

  test('a failure of ours tells nothing of what is inside', async () => {
    const { app, users, db } = await setup();
    await db.orm.execute('drop table webhooks cascade');

    const answer = await app.inject({ url: '/api/v1/webhooks', headers: users.requester.headers });

    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'internal' });
    expect(answer.body).not.toMatch(/select|webhooks"|relation/i);
  });
});

describe('limits', () => {
  test('a caller over the rate limit gets 429 with Retry-After, others do not', async () => {
    const { app, users } = await setup({ settings: { RATE_LIMIT_PER_MINUTE: 3 } });
    const me = (headers: { authorization: string }) => app.inject({ url: '/api/v1/me', headers });
    for (let i = 0; i < 3; i++) expect((await me(users.requester.headers)).statusCode).toBe(200);

    const over = await me(users.requester.headers);

    expect(over.statusCode).toBe(429);
    expect(over.json()).toMatchObject({ code: 'rate.limited', limit: 3 });
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
    expect((await me(users.other.headers)).statusCode).toBe(200);
  });
});

describe('limits on what nobody is signed in for', () => {
  test('tokens that are not valid are counted by address, and keep nobody else out', async () => {
    const { app, users } = await setup({ settings: { RATE_LIMIT_PER_MINUTE: 3 } });
    const me = (authorization: string) => app.inject({ url: '/api/v1/me', headers: { authorization } });

    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await me(`Bearer guess-${i}`)).statusCode);

    expect(statuses).toEqual([401, 401, 401, 429]);
    expect((await me(users.requester.headers.authorization)).statusCode).toBe(200);
  });

  test.each(['/readyz', '/openapi.json', '/docs/'])('%s', async (url) => {
    const { app } = await setup({ settings: { RATE_LIMIT_PER_MINUTE: 1 } });
    expect((await app.inject(url)).statusCode).toBe(200);
    expect((await app.inject(url)).statusCode).toBe(429);
  });
});

describe('the size of a request for a download', () => {
  const ids = Array.from({ length: 100_000 }, (_, i) => `0197a0b1-c2d3-7e4f-8a5b-${String(i).padStart(12, '0')}`);

  test.each(['/api/v1/downloads', '/api/v1/downloads/preflight'])(
    '%s takes 100,000 ids, but not 10 MB',
    async (url) => {
      const { app, users } = await setup();
      const { headers } = users.requester;
      const most = await app.inject({ method: 'POST', url, headers, payload: { assetIds: ids } });
      const over = await app.inject({ method: 'POST', url, headers, payload: { name: 'x'.repeat(10_000_000) } });
      expect(most.json().verdict ?? most.json().code).toBe('download.too_many_assets');
      expect([over.statusCode, over.json().code]).toEqual([413, 'input.too_large']);
    },
  );

  test('over the allowed number of assets, no asset is looked at', async () => {
    const { app, users } = await setup();
    const { headers } = users.requester;
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/downloads/preflight',
      headers,
      payload: { assetIds: ids.slice(0, 25_001) },
    });
    expect(answer.json()).toMatchObject({
      verdict: 'download.too_many_assets',
      outcomes: [],
      counts: { assets: 25_001, included: 0, excluded: 25_001 },
    });
  });
});

describe('what is no HTTP', () => {
  test.each([
    ['nonsense', 'nonsense\r\n\r\n', 400, 'input.invalid'],
    ['headers without end', `GET / HTTP/1.1\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`, 431, 'input.too_large'],
  ])('%s is answered with a problem', async (_name, sent, status, code) => {
    const { app } = await setup();
    await app.listen({ port: 0, host: '127.0.0.1' });
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(sent);

    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');

    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*application/problem\\+json`));
    expect(JSON.parse(body)).toMatchObject({ status, code, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });
});

describe('what runs around the API', () => {
  test('/healthz and /readyz say that all is well', async () => {
    const { app } = await setup({ queue: { ping: async () => {} } });
    expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' });
    const ready = await app.inject('/readyz');
    expect([ready.statusCode, ready.json()]).toEqual([
      200,
      { status: 'ok', checks: { database: 'ok', storage: 'ok', queue: 'ok' } },
    ]);
  });

  test('/readyz names what does not answer', async () => {
    const { app } = await setup({ queue: { ping: () => Promise.reject(new Error('no queue')) } });
    const ready = await app.inject('/readyz');
    expect([ready.statusCode, ready.json().checks]).toEqual([
      503,
      { database: 'ok', storage: 'ok', queue: 'unavailable' },
    ]);
  });

  test('every answer carries strict security headers', async () => {
    const { app } = await setup();
    const { headers } = await app.inject('/healthz');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).not.toContain("script-src 'self' 'unsafe-inline'");
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
  });
});
