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

  test('/openapi.json describes every route of the API, and /docs shows it', async () => {
    const { app } = await setup();
    const { paths, openapi } = (await app.inject('/openapi.json')).json();
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/v1/assets', '/api/v1/downloads', '/api/v1/webhooks/{id}/deliveries', '/api/v1/me']),
    );
    expect(Object.keys(paths).some((address) => address.startsWith('/api/auth'))).toBe(false);
    const addAsset = paths['/api/v1/assets'].post;
    expect(Object.keys(addAsset.requestBody.content['multipart/form-data'].schema.properties)).toContain('file');
    expect(addAsset.responses['4XX'].content['application/json'].schema.properties).toHaveProperty('requestId');
    const docs = await app.inject('/docs/');
    expect([docs.statusCode, docs.body]).toEqual([200, expect.stringContaining('Swagger UI')]);
  });

  test('every answer carries strict security headers', async () => {
    const { app } = await setup();
    const { headers } = await app.inject('/healthz');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).not.toContain("script-src 'self' 'unsafe-inline'");
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
  });
});
