import { lte } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { idempotencyKeys } from '../schema/idempotency-keys.ts';
import { idempotencyTtlMs } from './claim-idempotency-key.ts';

/** Forgets the keys that are older than a day. Returns how many. */
export async function deleteOldIdempotencyKeys(executor: Executor, now: Date): Promise<number> {
  const rows = await executor
    .delete(idempotencyKeys)
    .where(lte(idempotencyKeys.createdAt, new Date(now.getTime() - idempotencyTtlMs)))
    .returning({ key: idempotencyKeys.key });
  return rows.length;
}
