import { AppError } from '@sheaf/domain/app-error';
import type { ImageParameters } from '@sheaf/domain/image-parameters';
import { and, count, eq, ne, sql } from 'drizzle-orm';
import { addToOutbox } from '../add-to-outbox.ts';
import type { Database, Executor } from '../database.ts';
import { newId } from '../schema/columns.ts';
import { derivatives } from '../schema/presets.ts';
import { derivativeJob } from './derivative-job.ts';
import type { DerivativeRecord } from './derivative-record.ts';
import { findDerivative } from './find-derivative.ts';
import { parametersKey } from './parameters-key.ts';

/** Most pictures that one user waits for at a time. */
const maxPendingDerivatives = 20;

export interface WantedDerivative {
  originalSha256: string;
  /** Of the original. */
  mediaType: string;
  parameters: ImageParameters;
  /** Whose waiting pictures it counts among; null for work of the house. */
  requestedBy: string | null;
  now: Date;
}

/**
 * What became of a derivative; where it was never asked for, or has to be made anew, it is asked for now: once, however
 * many ask at the same time. Without `job`, the caller makes it. Throws `rate.limited` where this user waits for many
 * others already.
 */
export async function requestDerivative(
  db: Database,
  wanted: WantedDerivative,
  { job = true }: { job?: boolean } = {},
): Promise<DerivativeRecord> {
  const { originalSha256, now } = wanted;
  const key = { originalSha256, parametersKey: parametersKey(wanted.parameters) };
  const known = await findDerivative(db.orm, key, now);
  if (known !== null && (known.state !== 'pending' || (await isAskedFor(db.orm, known.id)))) return known;
  return db.transaction(async (tx) => {
    if (wanted.requestedBy !== null) await limitPending(tx, wanted.requestedBy);
    const id = known === null ? await insert(tx, wanted, key) : await reopen(tx, wanted, known.id);
    if (id !== null && job) await addToOutbox(tx, [derivativeJob({ id, requestedBy: wanted.requestedBy })]);
    const row = await findDerivative(tx, key, now);
    if (row === null) throw new AppError('internal', 'The derivative was not stored.', { detail: key });
    return row;
  });
}

/** Pending as stored: what only counts as pending (`toDerivative`) has no job yet. */
async function isAskedFor(executor: Executor, derivativeId: string): Promise<boolean> {
  const [row] = await executor
    .select({ state: derivatives.state })
    .from(derivatives)
    .where(eq(derivatives.id, derivativeId));
  return row?.state === 'pending';
}

/** The lock makes parallel requests of a user count each other. */
async function limitPending(tx: Executor, userId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`derivatives of ${userId}`}, 0))`);
  const [waiting] = await tx
    .select({ number: count() })
    .from(derivatives)
    .where(and(eq(derivatives.state, 'pending'), eq(derivatives.requestedBy, userId)));
  if ((waiting?.number ?? 0) < maxPendingDerivatives) return;
  throw new AppError('rate.limited', `${maxPendingDerivatives} renditions are being made for you already.`, {
    retryable: true,
    detail: { retryAfter: 2, limit: maxPendingDerivatives },
  });
}

/** The new row's id; null where somebody else was quicker. */
async function insert(
  tx: Executor,
  { mediaType, parameters, requestedBy, now }: WantedDerivative,
  key: { originalSha256: string; parametersKey: string },
): Promise<string | null> {
  const [inserted] = await tx
    .insert(derivatives)
    .values({ id: newId(), ...key, mediaType, parameters, requestedBy, createdAt: now })
    .onConflictDoNothing()
    .returning({ id: derivatives.id });
  return inserted?.id ?? null;
}

/** Its id; null where somebody else was quicker. */
async function reopen(tx: Executor, { requestedBy, now }: WantedDerivative, id: string): Promise<string | null> {
  const [reopened] = await tx
    .update(derivatives)
    .set({
      state: 'pending',
      blobSha256: null,
      error: null,
      claimedUntil: null,
      renderedAt: null,
      requestedBy,
      createdAt: now,
    })
    .where(and(eq(derivatives.id, id), ne(derivatives.state, 'pending')))
    .returning({ id: derivatives.id });
  return reopened?.id ?? null;
}
