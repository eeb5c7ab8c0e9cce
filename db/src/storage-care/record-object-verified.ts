import type { BlobFault } from '@sheaf/domain/rendition';
import { sql } from 'drizzle-orm';
import { appendAuditEvent } from '../audit/append-audit-event.ts';
import type { Executor } from '../database.ts';
import type { PublishedObject } from '../doctor/list-published-objects.ts';

/** What has a fault is looked at again so soon, and what would have to be read to its end for that. */
const faultySeconds = 600;
const damagedSeconds = 24 * 60 * 60;

/**
 * Notes what reading an archive's object has come to, and when it is due again. From the commit on the links of one with
 * a fault refuse; a fault that is new, and one that is gone, is audited, and the former is counted. False where the same
 * was known before. In a transaction.
 */
export async function recordObjectVerified(
  tx: Executor,
  { downloadId, number, objectKey, size, sha256, fault: was }: PublishedObject,
  { fault, days, now }: { fault: BlobFault | null; days: number; now: Date },
): Promise<boolean> {
  await tx.execute(sql`insert into storage_care (id) values (1) on conflict do nothing`);
  await tx.execute(sql`select from storage_care where id = 1 for update`);
  const again = fault === 'corrupt' && sha256 !== null ? damagedSeconds : faultySeconds;
  const seconds = fault === null ? days * 24 * 60 * 60 : again;
  // One that was published anew meanwhile has another key, and what belongs to a download that is over may be gone.
  const [noted] = await tx.execute(sql`
    update bundle_parts set fault = ${fault}, verify_at = now() + ${seconds} * interval '1 second',
      fault_checked_at = ${fault === null ? null : sql`now()`}
    where download_id = ${downloadId} and number = ${number} and object_key = ${objectKey}
      and exists (select from downloads d where d.id = download_id and d.state = 'ready')
    returning number`);
  if (noted === undefined) return false;
  const isNew = fault !== null && was === null;
  // Of the others no byte was read.
  const verified = fault === null && sha256 !== null ? 1 : 0;
  await tx.execute(sql`
    update storage_care set faults_found = faults_found + ${isNew ? 1 : 0},
      verified_files = verified_files + ${verified}, verified_bytes = verified_bytes + ${verified * size},
      last_verified_at = case when ${verified} = 1 then now() else last_verified_at end
    where id = 1`);
  if (fault === was) return false;
  const detail = { archive: objectKey, number, ...(fault === null ? { was } : { fault, size }) };
  await appendAuditEvent(tx, { at: now, action: fault === null ? 'blob.whole' : 'blob.faulty', downloadId, detail });
  return true;
}
