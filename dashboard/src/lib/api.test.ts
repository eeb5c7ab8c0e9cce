import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ApiError, api, ConnectionError, callHooks, withQuery } from './api.ts';

async function setup(answer: (request: IncomingMessage, response: ServerResponse, number: number) => void) {
  let number = 0;
  const server = createServer((request, response) => answer(request, response, ++number)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const before = { ...callHooks };
  onTestFinished(() => {
    Object.assign(callHooks, before);
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

const problem = (response: ServerResponse, status: number, body: object) =>
  void response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));

test('a refusal carries what the server said of fields, assets, waiting and the request', async () => {
  const body = {
    code: 'input.invalid',
    detail: 'Two fields are wrong.',
    requestId: 'r-1',
    errors: [{ path: '/name', message: 'is needed' }],
    outcomes: [{ assetId: 'a' }],
    retryAfter: 7,
    limit: 3,
  };
  const { url } = await setup((_, response) => problem(response, 422, body));
  const error = await api.get(url).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 422,
    code: 'input.invalid',
    message: 'Two fields are wrong.',
    requestId: 'r-1',
    errors: body.errors,
    outcomes: body.outcomes,
    retryAfter: 7,
    problem: { limit: 3 },
  });
});

test('an answer that is no problem is a refusal all the same', async () => {
  const { url } = await setup((_, response) => void response.writeHead(502).end('<h1>Bad gateway</h1>'));
  await expect(api.get(url)).rejects.toMatchObject({ status: 502, code: 'internal' });
});

test('when a session was renewed, the same call is made again with the same body', async () => {
  const bodies: string[] = [];
  const { url } = await setup(async (request, response, number) => {
    bodies.push(Buffer.concat(await request.toArray()).toString());
    if (number === 1) problem(response, 401, { code: 'auth.required' });
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
  });
  callHooks.sessionExpired = async () => true;
  expect(await api.post(url, { body: { name: 'x' } })).toEqual({ ok: true });
  expect(bodies).toEqual(['{"name":"x"}', '{"name":"x"}']);
});

test('a session that is not renewed, and a wrong password, stay refusals', async () => {
  const { url } = await setup((_, response) => problem(response, 401, { code: 'auth.required' }));
  let asked = 0;
  callHooks.sessionExpired = async () => {
    asked += 1;
    return false;
  };
  await expect(api.get(url)).rejects.toMatchObject({ status: 401 });
  await expect(api.post(url, { anonymous: true })).rejects.toMatchObject({ status: 401 });
  expect(asked).toBe(1);
});

test('a server that is away is told from one that refuses, and an aborted call from both', async () => {
  const { url, server } = await setup((request) => void request.resume());
  const reached: boolean[] = [];
  callHooks.reached = () => void reached.push(true);
  callHooks.unreachable = () => void reached.push(false);
  const aborted = new AbortController();
  const call = api.get(url, { signal: aborted.signal });
  aborted.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  await expect(api.get(url)).rejects.toBeInstanceOf(ConnectionError);
  expect(reached).toEqual([false]);
});

test('a query leaves out what is empty, and escapes the rest', () => {
  expect(withQuery('/a', { q: 'x & y', cursor: null, folder: '', limit: 0, on: false })).toBe(
    '/a?q=x+%26+y&limit=0&on=false',
  );
  expect(withQuery('/a')).toBe('/a');
});
