import { deleteOldIdempotencyKeys } from '@sheaf/db/idempotency/delete-old-idempotency-keys';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi, type TestUser } from '../../../test/harness/api.ts';

const hour = 3_600_000;

async function setup() {
  const api = await setupApi();
  onTestFinished(api.close);
  const post = (key: string | undefined, payload: object, user: TestUser = api.users.requester) =>
    api.app.inject({
      method: 'POST',
      url: '/api/v1/webhooks',
      headers: { ...user.headers, ...(key === undefined ? {} : { 'idempotency-key': key }) },
      payload,
    });
  const count = async () => (await api.db.orm.query.webhooks.findMany()).length;
  return { ...api, post, count };
}

const body = { url: 'https://example.com/hook' };

describe('Idempotency-Key', () => {
  test('the same key and body give the same answer, down to a secret that is shown once', async () => {
    const { post, count } = await setup();
    const first = await post('key-1', body);
    const second = await post('key-1', body);
    expect(first.statusCode).toBe(201);
    expect([second.statusCode, second.json()]).toEqual([201, first.json()]);
    expect(second.headers.location).toBe(first.headers.location);
    expect(await count()).toBe(1);
  });

  test('the same key with another body is 409 idempotency.mismatch and changes nothing', async () => {
    const { post, count } = await setup();
    await post('key-1', body);
    const other = await post('key-1', { url: 'https://example.com/other' });
    expect([other.statusCode, other.json().code]).toEqual([409, 'idempotency.mismatch']);
    expect(await count()).toBe(1);
  });

  test('the same key at another address is 409 idempotency.mismatch', async () => {
    const { app, post, users } = await setup();
    await post('key-1', body);
    const other = await app.inject({
      method: 'POST',
      url: '/api/v1/me/tokens',
      headers: { ...users.requester.headers, 'idempotency-key': 'key-1' },
      payload: { name: 'x' },
    });
    expect([other.statusCode, other.json().code]).toEqual([409, 'idempotency.mismatch']);
  });

  test('twenty requests at once do the work once and get one answer', async () => {
    const { post, count } = await setup();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('key-1', body)));
    expect(new Set(answers.map((answer) => `${answer.statusCode} ${answer.body}`)).size).toBe(1);
    expect(await count()).toBe(1);
  });

  test('belongs to its user', async () => {
    const { post, users, count } = await setup();
    const first = await post('key-1', body);
    const other = await post('key-1', body, users.other);
    expect(other.json().id).not.toBe(first.json().id);
    expect(await count()).toBe(2);
  });

  test('is free again after a request that failed', async () => {
    const { post, count } = await setup();
    expect((await post('key-1', { url: 'ftp://example.com' })).statusCode).toBe(400);
    expect((await post('key-1', body)).statusCode).toBe(201);
    expect(await count()).toBe(1);
  });

  test('without one, every request does its work', async () => {
    const { post, count } = await setup();
    await post(undefined, body);
    await post(undefined, body);
    expect(await count()).toBe(2);
  });

  test('is forgotten after a day, whether or not it was swept', async () => {
    const { post, count, clock, db } = await setup();
    await post('key-1', body);
    clock.advance(23 * hour);
    await post('key-1', body);
    expect([await count(), await deleteOldIdempotencyKeys(db.orm, clock())]).toEqual([1, 0]);
    clock.advance(hour);
    expect((await post('key-1', { url: 'https://example.com/other' })).statusCode).toBe(201);
    expect(await count()).toBe(2);
    clock.advance(24 * hour);
    expect(await deleteOldIdempotencyKeys(db.orm, clock())).toBe(1);
  });

  test.each(['', 'with space', 'ä', 'x'.repeat(256)])('%j is refused', async (key) => {
    const { post } = await setup();
    const answer = await post(key, body);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'input.invalid']);
  });

  test('keeps no secret in clear text', async () => {
    const { post, db } = await setup();
    const { secret } = (await post('key-1', body)).json();
    const rows = await db.orm.query.idempotencyKeys.findMany();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });
});
