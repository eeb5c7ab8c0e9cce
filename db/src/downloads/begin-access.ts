import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type QuotaRefusal, quotaVerdict, toQuotaRefusal } from '../quotas/take-quota.ts';
import { accesses } from '../schema/links.ts';
import type { Access } from './record-access.ts';

/** An answer whose first byte is still to be sent: `bytesSent` is what is about to be. */
export type BegunAccess = Access & { bytesSent: number; at: Date };

/**
 * Writes down an answer before its first byte, as one statement. A charged one takes its bytes out of the user's
 * quotas, with the row that holds them; where they have no room it writes nothing and returns why. Not for use in a
 * longer transaction: others who share a quota wait until it ends. An answer that has ended meanwhile stays as it is.
 */
export async function beginAccess(executor: Executor, access: BegunAccess): Promise<QuotaRefusal | null> {
  const { userId, bytesSent: bytes, at } = access;
  if (!access.charged || userId == null) {
    await executor.insert(accesses).values(access).onConflictDoNothing();
    return null;
  }
  const verdict = quotaVerdict({ userId, assets: 0, downloads: 0, bytes, now: at }, true);
  const {
    id,
    assetId = null,
    renditionId = null,
    ipAddress = null,
    userAgent = null,
    status,
    rangeStart = null,
  } = access;
  const rows = await executor.execute(sql`
    with verdict as materialized (select * from ${verdict}),
    begun as (
      insert into accesses
        (id, asset_id, rendition_id, user_id, ip_address, user_agent, status, range_start, bytes_sent, charged, at)
      select ${id}::uuid, ${assetId}::uuid, ${renditionId}::uuid, ${userId}::uuid, ${ipAddress}::text,
        ${userAgent}::text, ${status}::integer, ${rangeStart}::bigint, ${bytes}::bigint, true,
        ${at.toISOString()}::timestamptz
      where not exists (select from verdict)
      on conflict (id) do nothing
    )
    select * from verdict`);
  return toQuotaRefusal(rows);
}
