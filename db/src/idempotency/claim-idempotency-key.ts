import { AppError } from '@sheaf/domain/app-error';
import { and, eq, lte, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { idempotencyKeys } from '../schema/idempotency-keys.ts';

/** How long a key is remembered. */
export const idempotencyTtlMs = 24 * 3_600_000;

const defaultWaitMs = 10_000;

export interface IdempotentRequest {
  userId: string;
  key: string;
  /** SHA-256 over method, path and body: what makes two requests the same. */
  requestHash: string;
  now: Date;
  /** Longest that a repeated request waits for the first one to be answered; ten seconds when absent. */
  waitMs?: number;
}

export interface StoredAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/**
 * Claims a key inside the transaction that does the work, so that claim, work and answer are committed together or not
 * at all: a failed request leaves its key free. Answers null when the caller is the first and has to do the work, or
 * the stored answer of the first. A second request with the same key waits here until the first one's transaction ends.
 * Throws `idempotency.mismatch` when the key was used for another request, `idempotency.in_progress` after `waitMs`.
 */
export async function claimIdempotencyKey(tx: Executor, request: IdempotentRequest): Promise<StoredAnswer | null> {
  const { userId, key, requestHash, now } = request;
  const claimed = await insertKey(tx, request);
  if (claimed) return null;
  const [row] = await tx
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.key, key)));
  if (row && row.requestHash !== requestHash) {
    throw new AppError('idempotency.mismatch', 'This Idempotency-Key was used for another request.', {
      detail: { since: row.createdAt, now },
    });
  }
  if (!row?.response || row.status === null) throw inProgress();
  return { status: row.status, ...row.response };
}

async function insertKey(tx: Executor, request: IdempotentRequest): Promise<boolean> {
  const { userId, key, requestHash, now, waitMs = defaultWaitMs } = request;
  const forgetBefore = new Date(now.getTime() - idempotencyTtlMs);
  await tx.execute(sql`select set_config('lock_timeout', ${`${waitMs}ms`}, true)`);
  try {
    const rows = await tx
      .insert(idempotencyKeys)
      .values({ userId, key, requestHash, createdAt: now })
      .onConflictDoUpdate({
        target: [idempotencyKeys.userId, idempotencyKeys.key],
        set: { requestHash, status: null, response: null, createdAt: now },
        setWhere: lte(idempotencyKeys.createdAt, forgetBefore),
      })
      .returning({ key: idempotencyKeys.key });
    await tx.execute(sql`select set_config('lock_timeout', '0', true)`);
    return rows.length > 0;
  } catch (error) {
    if (sqlState(error) === lockNotAvailable) throw inProgress(error);
    throw error;
  }
}

const lockNotAvailable = '55P03';

function sqlState(error: unknown): unknown {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return cause?.code ?? code;
}

function inProgress(cause?: unknown): AppError {
  return new AppError(
    'idempotency.in_progress',
    'The first request with this Idempotency-Key is still being answered.',
    {
      retryable: true,
      cause,
    },
  );
}
