import { statesBefore } from '@sheaf/domain/download-state';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { appendAuditEvent } from '../audit/append-audit-event.ts';
import type { Executor } from '../database.ts';
import { insertNotifications } from '../notifications/insert-notifications.ts';
import { bundleParts } from '../schema/bundles.ts';
import { downloads } from '../schema/downloads.ts';
import { type ClaimKey, heldByClaim } from './held-by-claim.ts';
import { insertLink } from './insert-link.ts';

export interface Publication extends ClaimKey {
  /** Already stored, and what they stream with them. */
  parts: Omit<typeof bundleParts.$inferInsert, 'downloadId'>[];
  link: { tokenHash: Buffer; sealedToken: Buffer };
  expiresAt: Date;
  now: Date;
}

/**
 * Makes a packed download ready, with its parts, its link and its notifications: all of it, or nothing when the claim
 * no longer holds or somebody asked for the download to be cancelled (then false). In a transaction.
 */
export async function publishDownload(
  tx: Executor,
  { parts, link, expiresAt, now, ...claim }: Publication,
): Promise<boolean> {
  const { downloadId, epoch } = claim;
  const [published] = await tx
    .update(downloads)
    .set({
      state: 'ready',
      entriesDone: sql`${downloads.entriesTotal}`,
      bytesDone: sql`${downloads.bytesTotal}`,
      readyAt: now,
      expiresAt,
      delivery: parts[0]?.delivery ?? 'packed',
      leaseUntil: null,
      workerId: null,
      attempts: 0,
      crashes: 0,
      crashEpochs: [],
      objectsRemovedAt: null,
    })
    .where(and(heldByClaim(claim, statesBefore('ready')), isNull(downloads.cancelRequestedAt)))
    .returning({ requesterId: downloads.requesterId });
  if (published === undefined) return false;
  await tx.delete(bundleParts).where(eq(bundleParts.downloadId, downloadId));
  await tx.insert(bundleParts).values(parts.map((part) => ({ ...part, downloadId, createdAt: now })));
  const linkId = await insertLink(tx, {
    ...link,
    downloadId,
    createdBy: published.requesterId,
    createdAt: now,
    expiresAt,
  });
  await insertNotifications(tx, { downloadId, epoch, event: 'download.ready', now });
  await appendAuditEvent(tx, {
    at: now,
    action: 'download.ready',
    downloadId,
    detail: {
      parts: parts.map(({ number, etag, sha256, size, entries, delivery }) => ({
        number,
        etag,
        sha256,
        size,
        entries,
        delivery,
      })),
      linkId,
      expiresAt: expiresAt.toISOString(),
    },
  });
  return true;
}
