import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import { type BulkClaim, claimBulkAction } from '@sheaf/db/bulk-actions/claim-bulk-action';
import { findBulkAction } from '@sheaf/db/bulk-actions/find-bulk-action';
import { holdBulkAction, releaseBulkAction } from '@sheaf/db/bulk-actions/hold-bulk-action';
import { listOpenTargets } from '@sheaf/db/bulk-actions/take-targets';
import type { JobPayloads } from '@sheaf/queue/jobs';
import { ClaimLost } from '../claim-interruptions.ts';
import { handleTarget } from '../handle-target.ts';
import type { WorkerDeps } from '../worker-deps.ts';

/** Targets read at a time. */
const batch = 200;

/**
 * Deals with the targets of a bulk action one after the other, each in a transaction of its own together with what came
 * of it: a run that crashes is gone on with where it stopped, and does nothing twice.
 */
export async function bulk({ bulkActionId }: JobPayloads['bulk'], deps: WorkerDeps, signal: AbortSignal) {
  const { db, clock, settings, logger } = deps;
  const leaseSeconds = settings.LEASE_SECONDS;
  const claim = await claimBulkAction(db.orm, { id: bulkActionId, leaseSeconds, now: clock() });
  if (claim === null) return;
  try {
    // Whoever confirmed it may have lost the right to meanwhile.
    const allowed = claim.actor.role === 'administrator' && claim.actor.disabledAt === null;
    const ended = allowed ? await handleAll(deps, claim, signal) : 'cancelled';
    await finish(deps, claim, ended);
  } catch (error) {
    if (error instanceof ClaimLost) {
      logger.warn({ bulkActionId, epoch: claim.epoch }, 'claim on a bulk action lost');
      return;
    }
    await db.transaction((tx) => releaseBulkAction(tx, claim, { state: 'queued', now: clock() }));
    throw error;
  }
}

async function handleAll(deps: WorkerDeps, claim: BulkClaim, signal: AbortSignal): Promise<'done' | 'cancelled'> {
  for (;;) {
    const targets = await listOpenTargets(deps.db.orm, claim.id, batch);
    if (targets.length === 0) return 'done';
    for (const target of targets) {
      signal.throwIfAborted();
      const held = await holdBulkAction(deps.db.orm, claim, {
        leaseSeconds: deps.settings.LEASE_SECONDS,
        done: 0,
        skipped: 0,
      });
      if (held === null) throw new ClaimLost();
      if (held.cancelRequested) return 'cancelled';
      await handleTarget(deps, claim, target);
    }
  }
}

async function finish({ db, clock }: WorkerDeps, claim: BulkClaim, state: 'done' | 'cancelled'): Promise<void> {
  const now = clock();
  await db.transaction(async (tx) => {
    if (!(await releaseBulkAction(tx, claim, { state, now }))) throw new ClaimLost();
    const { done, skipped, total } = (await findBulkAction(tx, claim.id))!;
    await appendAuditEvent(tx, {
      at: now,
      actorId: claim.actor.id,
      action: 'bulk.finished',
      detail: { bulkActionId: claim.id, state, done, skipped, total, requestId: claim.requestId },
    });
  });
}
