import { appendAuditEvent } from '../audit/append-audit-event.ts';
import type { Executor } from '../database.ts';
import { type EndOfDownload, endClaim } from './end-claim.ts';

/** Ends a download that is not ready yet, and says so. In a transaction. False when the claim no longer held. */
export async function endDownload(tx: Executor, end: EndOfDownload): Promise<boolean> {
  const event = await endClaim(tx, end);
  if (event === null) return false;
  await appendAuditEvent(tx, event);
  return true;
}
