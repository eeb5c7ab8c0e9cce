import type { BlobFault } from '@sheaf/domain/rendition';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { appendAuditEvent } from '../audit/append-audit-event.ts';
import type { Executor } from '../database.ts';
import { blobs } from '../schema/catalogue.ts';
import { storageCare } from '../schema/operations.ts';

/**
 * Sets a blob aside whose bytes were found to be wrong: from the commit on nothing is made of it and nobody is sent it.
 * Audits and counts it. False where that was known before, or the blob has been removed meanwhile. In a transaction.
 */
export async function recordBlobFault(
  tx: Executor,
  { sha256, fault, now }: { sha256: string; fault: BlobFault; now: Date },
): Promise<boolean> {
  // Before the blob, as whoever removes blobs does.
  await tx.execute(sql`insert into ${storageCare} (id) values (1) on conflict do nothing`);
  await tx.execute(sql`select from ${storageCare} where id = 1 for update`);
  const [found] = await tx
    .update(blobs)
    .set({ fault, faultCheckedAt: sql`now()` })
    .where(and(eq(blobs.sha256, sha256), isNull(blobs.fault)))
    .returning({ size: blobs.size });
  if (found === undefined) return false;
  await tx
    .update(storageCare)
    .set({ faultsFound: sql`${storageCare.faultsFound} + 1` })
    .where(eq(storageCare.id, 1));
  await appendAuditEvent(tx, { at: now, action: 'blob.faulty', detail: { sha256, fault, size: found.size } });
  return true;
}
