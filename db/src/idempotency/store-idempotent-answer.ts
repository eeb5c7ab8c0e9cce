import { and, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { idempotencyKeys } from '../schema/idempotency-keys.ts';
import type { IdempotentRequest, StoredAnswer } from './claim-idempotency-key.ts';

/** Keeps the answer to a claimed key, in the transaction that claimed it. */
export async function storeIdempotentAnswer(
  tx: Executor,
  request: Pick<IdempotentRequest, 'userId' | 'key'>,
  answer: StoredAnswer,
): Promise<void> {
  await tx
    .update(idempotencyKeys)
    .set({ status: answer.status, response: { headers: answer.headers, body: answer.body } })
    .where(and(eq(idempotencyKeys.userId, request.userId), eq(idempotencyKeys.key, request.key)));
}
