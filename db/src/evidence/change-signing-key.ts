import { AppError } from '@sheaf/domain/app-error';
import { eq, isNull, sql } from 'drizzle-orm';
import { appendAuditEvent } from '../audit/append-audit-event.ts';
import type { Executor } from '../database.ts';
import { signingKeys } from '../schema/evidence.ts';
import { findSigningKey } from './find-signing-key.ts';
import type { SigningKeyRecord } from './signing-key.ts';

/** One at a time may make a key, for all others to find. */
const lockId = 7_434_325;

/** The key that signs; where there is none yet, this one from now on. In a transaction. */
export async function ensureSigningKey(
  tx: Executor,
  make: () => SigningKeyRecord,
  now: Date,
): Promise<SigningKeyRecord> {
  await tx.execute(sql`select pg_advisory_xact_lock(${lockId})`);
  return (await findSigningKey(tx)) ?? (await insertSigningKey(tx, make(), now));
}

/** Lets this key sign from now on. Those before it still verify what they signed. In a transaction. */
export async function rotateSigningKey(tx: Executor, key: SigningKeyRecord, now: Date): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${lockId})`);
  await tx.update(signingKeys).set({ retiredAt: now }).where(isNull(signingKeys.retiredAt));
  await insertSigningKey(tx, key, now);
}

/**
 * Makes nothing count that a key has signed, or will. Where it was the one that signs, `make` gives the one that does
 * from now on, which is returned; else null. In a transaction. Throws `resource.not_found`, and `resource.conflict` for
 * a key that has been revoked before.
 */
export async function revokeSigningKey(
  tx: Executor,
  kid: string,
  make: () => SigningKeyRecord,
  now: Date,
): Promise<SigningKeyRecord | null> {
  await tx.execute(sql`select pg_advisory_xact_lock(${lockId})`);
  const [key] = await tx.select().from(signingKeys).where(eq(signingKeys.kid, kid));
  if (key === undefined) throw new AppError('resource.not_found', `There is no key ${kid}.`);
  if (key.revokedAt !== null) throw new AppError('resource.conflict', `The key ${kid} has been revoked before.`);
  await tx
    .update(signingKeys)
    .set({ revokedAt: now, retiredAt: key.retiredAt ?? now })
    .where(eq(signingKeys.kid, kid));
  await appendAuditEvent(tx, { at: now, action: 'key.revoked', detail: { kid } });
  return key.retiredAt === null ? insertSigningKey(tx, make(), now) : null;
}

async function insertSigningKey(tx: Executor, key: SigningKeyRecord, now: Date): Promise<SigningKeyRecord> {
  await tx.insert(signingKeys).values({ ...key, createdAt: now });
  await appendAuditEvent(tx, { at: now, action: 'key.created', detail: { kid: key.kid } });
  return key;
}
