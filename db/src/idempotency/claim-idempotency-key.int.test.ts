import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../test/harness/postgres.ts';
import { createDatabase } from '../database.ts';
import { insertUser } from '../users/insert-user.ts';
import { claimIdempotencyKey } from './claim-idempotency-key.ts';
import { storeIdempotentAnswer } from './store-idempotent-answer.ts';

const answer = { status: 201, headers: { location: '/x' }, body: { id: 1 } };

async function setup() {
  const database = await createTestDatabase();
  const db = createDatabase(database.url, { maxConnections: 4 });
  onTestFinished(async () => {
    await db.close();
    await database.drop();
  });
  const user = await insertUser(db.orm, { email: 'a@example.com', name: 'a', role: 'requester', passwordHash: null });
  const request = { userId: user.id, key: 'k', requestHash: 'h', now: new Date(), waitMs: 50 };
  return { db, request };
}

test('a second request does not wait for ever: it is told that the first is in progress', async () => {
  const { db, request } = await setup();
  await db.transaction(async (first) => {
    expect(await claimIdempotencyKey(first, request)).toBeNull();
    await expect(db.transaction((second) => claimIdempotencyKey(second, request))).rejects.toMatchObject({
      code: 'idempotency.in_progress',
      retryable: true,
    });
    await storeIdempotentAnswer(first, request, answer);
  });
  expect(await db.transaction((tx) => claimIdempotencyKey(tx, request))).toEqual(answer);
});

test('a request that fails leaves its key to the one that waits for it', async () => {
  const { db, request } = await setup();
  let second: Promise<unknown> | undefined;
  const first = db.transaction(async (tx) => {
    await claimIdempotencyKey(tx, request);
    second = db.transaction((other) => claimIdempotencyKey(other, { ...request, waitMs: 10_000 }));
    throw new Error('the work failed');
  });
  await expect(first).rejects.toThrow('the work failed');
  expect(await second).toBeNull();
});

test('waiting for the key does not shorten the patience of the statements after it', async () => {
  const { db, request } = await setup();
  await db.transaction(async (tx) => {
    await claimIdempotencyKey(tx, request);
    const [row] = await tx.execute<{ lock_timeout: string }>('show lock_timeout');
    expect(row?.lock_timeout).toBe('0');
  });
});
