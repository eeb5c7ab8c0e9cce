import fastJsonStringify from 'fast-json-stringify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { expect, onTestFinished, test } from 'vitest';
import { setupApi } from '../../../../test/harness/api.ts';

interface Operation {
  parameters?: { in: string; name: string; required?: boolean; schema: object }[];
  requestBody: { content: Record<string, { schema: { properties: object } }> };
  responses: Record<string, { headers?: object; content?: Record<string, { schema: { properties: object } }> }>;
}

async function setup() {
  const api = await setupApi();
  onTestFinished(api.close);
  const document = (await api.app.inject('/openapi.json')).json();
  const paths: Record<string, Record<string, Operation>> = document.paths;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, ...operation })),
  );
  return { ...api, document, paths, operations, names: operations.map(({ name }) => name) };
}

test('the document names every route that integrators rely on, and nothing of sign-in', async () => {
  const { document, names } = await setup();
  expect(document.openapi).toBe('3.1.0');
  expect(names).toEqual(
    expect.arrayContaining([
      ...[
        'GET /assets',
        'POST /assets',
        'GET /assets/{id}',
        'PATCH /assets/{id}',
        'DELETE /assets/{id}',
        'GET /assets/{id}/renditions/{renditionId}/content',
        'GET /assets/{id}/renditions/{renditionId}/preview',
        'GET /licences',
        'POST /licences',
        'GET /licences/{id}',
        'PATCH /licences/{id}',
        'GET /licences/{id}/document',
        'GET /licences/{id}/versions',
        'GET /licences/{id}/versions/{number}/document',
        'GET /licences/{id}/acceptances',
        'POST /downloads/preflight',
        'POST /downloads',
        'GET /downloads',
        'GET /downloads/{id}',
        'GET /downloads/{id}/items',
        'POST /downloads/{id}/cancel',
        'POST /downloads/{id}/retry',
        'POST /downloads/{id}/revoke',
        'POST /downloads/{id}/links',
        'DELETE /downloads/{id}/links/{linkId}',
        'GET /me',
        'GET /me/acceptances',
        'GET /me/inbox',
        'PATCH /me/preferences',
        'GET /me/tokens',
        'POST /me/tokens',
        'DELETE /me/tokens/{id}',
        'GET /webhooks',
        'POST /webhooks',
        'PATCH /webhooks/{id}',
        'DELETE /webhooks/{id}',
        'GET /webhooks/{id}/deliveries',
        'POST /webhooks/{id}/deliveries/{deliveryId}/replay',
        'GET /admin/visibility',
        'PUT /admin/visibility',
        'GET /admin/visibility/versions',
        'GET /admin/visibility/versions/{version}',
        'POST /admin/visibility/rollback',
        'POST /admin/visibility/simulate',
        'POST /admin/visibility/explain',
        'GET /admin/audit',
        'GET /admin/image-presets',
        'POST /admin/image-presets',
        'POST /admin/image-presets/preview',
        'GET /admin/image-presets/{id}',
        'PATCH /admin/image-presets/{id}',
        'DELETE /admin/image-presets/{id}',
        'GET /admin/smart-crop-profiles',
        'POST /admin/smart-crop-profiles',
        'GET /admin/smart-crop-profiles/{id}',
        'PATCH /admin/smart-crop-profiles/{id}',
        'DELETE /admin/smart-crop-profiles/{id}',
        'GET /admin/groups',
        'POST /admin/groups',
        'GET /admin/groups/{id}',
        'PATCH /admin/groups/{id}',
        'DELETE /admin/groups/{id}',
        'GET /admin/groups/{id}/members',
        'PUT /admin/groups/{id}/members/{userId}',
        'DELETE /admin/groups/{id}/members/{userId}',
        'GET /admin/users',
        'POST /admin/users',
        'GET /admin/users/{id}',
        'PATCH /admin/users/{id}',
        'GET /sign-in-methods',
      ].map((call) => call.replace(' ', ' /api/v1')),
      'GET /d/{token}',
      'HEAD /d/{token}',
      'GET /d/{token}/{part}',
      'HEAD /d/{token}/{part}',
      'GET /.well-known/sheaf-keys.json',
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /openapi.json',
    ]),
  );
  expect(names.filter((name) => name.includes('/api/auth'))).toEqual([]);
});

test('every route answers errors as application/problem+json, and as nothing else', async () => {
  const { operations } = await setup();
  for (const { name, responses } of operations) {
    for (const status of ['4XX', '5XX']) {
      const content = responses[status]?.content ?? {};
      expect(Object.keys(content), name).toEqual(['application/problem+json']);
      expect(content['application/problem+json']?.schema.properties, name).toHaveProperty('requestId');
    }
  }
});

test('Idempotency-Key stands with each POST that honours it, and with no other call', async () => {
  const { operations } = await setup();
  const honouring = operations.filter(({ parameters = [] }) =>
    parameters.some((parameter) => parameter.in === 'header' && parameter.name === 'Idempotency-Key'),
  );
  expect(honouring.map(({ name }) => name.replace('/api/v1', '')).sort()).toEqual([
    'POST /admin/bulk-actions/{id}/cancel',
    'POST /admin/downloads/bulk',
    'POST /admin/downloads/{id}/notifications/{notificationId}/redeliver',
    'POST /admin/groups',
    'POST /admin/image-presets',
    'POST /admin/smart-crop-profiles',
    'POST /admin/users',
    'POST /admin/users/{id}/password',
    'POST /admin/visibility/rollback',
    'POST /assets',
    'POST /downloads',
    'POST /downloads/{id}/cancel',
    'POST /downloads/{id}/links',
    'POST /downloads/{id}/retry',
    'POST /downloads/{id}/revoke',
    'POST /licences',
    'POST /me/tokens',
    'POST /webhooks',
    'POST /webhooks/{id}/deliveries/{deliveryId}/replay',
    'POST /webhooks/{id}/rotate-secret',
  ]);
  for (const { parameters = [] } of honouring) {
    expect(parameters.find(({ name }) => name === 'Idempotency-Key')?.required ?? false).toBe(false);
  }
});

test.each(['/d/{token}', '/d/{token}/{part}'])('%s stands there with its ranges and refusals', async (path) => {
  const { paths } = await setup();
  const { responses, parameters } = paths[path]!.get!;
  expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '206', '304', '404', '410', '416']));
  for (const status of ['200', '206']) {
    expect(Object.keys(responses[status]!.content!)).toEqual(['application/octet-stream']);
  }
  for (const status of ['404', '410', '416']) {
    expect(Object.keys(responses[status]!.content!)).toEqual(['application/problem+json']);
  }
  expect(responses['304']!.content).toBeUndefined();
  expect(parameters?.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g));
});

test.each([
  { path: '/api/v1/downloads', method: 'post', facts: { 422: ['outcomes', 'counts'], 429: ['quota', 'retryAfter'] } },
  {
    path: '/api/v1/assets/{id}/renditions/{renditionId}/content',
    method: 'get',
    facts: { 403: ['reason'], 410: ['code'], 429: ['quota', 'subject', 'limit', 'used', 'asked', 'left'] },
  },
  { path: '/d/{token}', method: 'get', facts: { 410: ['outcomes', 'retry'], 429: ['limit', 'retryAfter'] } },
])('$method $path says what its refusals tell, and how long to wait', async ({ path, method, facts }) => {
  const { paths } = await setup();
  const { responses } = paths[path]![method]!;
  for (const [status, names] of Object.entries(facts)) {
    const { schema } = responses[status]!.content!['application/problem+json']!;
    expect(Object.keys(schema.properties), status).toEqual(expect.arrayContaining(names));
  }
  expect(responses['429']!.headers).toHaveProperty('Retry-After');
});

test('a form stands there with its file', async () => {
  const { paths } = await setup();
  const form = paths['/api/v1/assets']!.post!.requestBody.content['multipart/form-data']!;
  expect(Object.keys(form.schema.properties)).toContain('file');
});

test('/docs shows the document', async () => {
  const { app } = await setup();
  const docs = await app.inject('/docs/');
  expect([docs.statusCode, docs.body]).toEqual([200, expect.stringContaining('Swagger UI')]);
});

test('each answer, body and parameter has a schema that can be compiled', async () => {
  const { operations } = await setup();
  const compile: (schema: TSchema) => unknown = Compile;
  const answers = operations.flatMap(({ responses }) => Object.values(responses).flatMap(schemasOf));
  const requests = operations.flatMap(({ parameters = [], requestBody }) => [
    ...parameters.map(({ schema }) => schema),
    ...schemasOf(requestBody ?? {}),
  ]);
  expect(answers.length).toBeGreaterThan(operations.length);
  expect(requests.length).toBeGreaterThan(operations.length);
  for (const schema of answers) fastJsonStringify(schema);
  for (const schema of requests) compile(schema);
});

function schemasOf({ content = {} }: { content?: Record<string, { schema: object }> }): object[] {
  return Object.values(content).map(({ schema }) => schema);
}
