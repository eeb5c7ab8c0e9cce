import { and, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { downloads } from '../schema/downloads.ts';
import { type ClaimKey, heldByClaim } from './held-by-claim.ts';

export interface Heartbeat extends ClaimKey {
  leaseSeconds: number;
  entriesDone: number;
  /** Bytes of content. */
  bytesDone: number;
}

/** Extends a claim's lease and shows how far its worker is. Null when the claim no longer holds. */
export async function heartbeatDownload(
  executor: Executor,
  { leaseSeconds, entriesDone, bytesDone, ...claim }: Heartbeat,
): Promise<{ cancelRequested: boolean } | null> {
  const [row] = await executor
    .update(downloads)
    .set({
      leaseUntil: sql`now() + ${leaseSeconds} * interval '1 second'`,
      entriesDone,
      bytesDone,
      ...(bytesDone > 0 && { expectedReadyAt: firstExpectation(bytesDone) }),
    })
    // One that waited for the transaction that let the download go must not take it again for nobody.
    .where(and(heldByClaim(claim, ['gathering', 'packing']), isNotNull(downloads.leaseUntil)))
    .returning({ cancelRequestedAt: downloads.cancelRequestedAt });
  return row === undefined ? null : { cancelRequested: row.cancelRequestedAt !== null };
}

/** At the rate so far, as people are shown it; the first one stays, to be compared with what came of it. */
function firstExpectation(bytesDone: number): SQL {
  const rest = sql`greatest(0, ${downloads.bytesTotal} - ${bytesDone}::bigint)::float8 / ${bytesDone}::float8`;
  return sql`coalesce(${downloads.expectedReadyAt}, case when ${downloads.state} = 'packing'
    then now() + (now() - coalesce(${downloads.stepStartedAt}, ${downloads.startedAt})) * (${rest}) end)`;
}
