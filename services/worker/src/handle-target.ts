import { appendAuditEvents } from '@sheaf/db/audit/append-audit-event';
import type { BulkClaim } from '@sheaf/db/bulk-actions/claim-bulk-action';
import { holdBulkAction } from '@sheaf/db/bulk-actions/hold-bulk-action';
import { settleTarget } from '@sheaf/db/bulk-actions/take-targets';
import type { Executor } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';
import type { AuditEvent } from '@sheaf/domain/audit-event';
import { releasesQuarantined } from '@sheaf/domain/releases-quarantined';
import { ClaimLost } from './claim-interruptions.ts';
import type { WorkerDeps } from './worker-deps.ts';

const actions = { cancel: 'download.cancelled', retry: 'download.retried', revoke: 'download.revoked' } as const;

interface Target {
  downloadId: string;
  /** As it was found. */
  epoch: number;
}

/**
 * Does a bulk action to one download, by the same rules as if somebody had asked for that one, or notes why it cannot be
 * done. Throws what has nothing to do with the download, such as a database that is away.
 */
export async function handleTarget(deps: WorkerDeps, claim: BulkClaim, target: Target): Promise<void> {
  try {
    await deps.db.transaction((tx) => change(tx, deps, claim, target));
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'service.unavailable') throw error;
    // What it wrote until then is undone.
    const { code, message } = error;
    await deps.db.transaction((tx) => settle(tx, deps, claim, target, { result: 'skipped', code, message }));
  }
}

async function change(tx: Executor, deps: WorkerDeps, claim: BulkClaim, target: Target): Promise<void> {
  const { kind, actor, reason, id: bulkActionId } = claim;
  const { downloadId } = target;
  const now = deps.clock();
  const requestId = claim.requestId ?? bulkActionId;
  const administrator = { id: actor.id, role: actor.role, dynamicRenditions: false, groups: [] };
  const release = releasesQuarantined(claim.filter);
  const input = { actor: administrator, downloadId, now, requestId, release };
  const { lockForChange, stateConflict } = await import('@sheaf/downloads/lock-for-change');
  const locked = await lockForChange(tx, input);
  const startedOver = kind !== 'cancel' && locked.epoch !== target.epoch;
  if (startedOver)
    throw stateConflict(locked, `${kind === 'retry' ? 'retried' : 'revoked'}: it was started over since`);

  const changed = await perform(tx, kind, input);
  const detail = { bulkActionId, reason, requestId };
  const rest = changed !== undefined && changed.downloadId !== downloadId ? changed.downloadId : undefined;
  const events: AuditEvent[] = [
    { at: now, actorId: actor.id, action: actions[kind], downloadId, detail: { ...detail, ...(rest && { rest }) } },
    ...(changed?.events ?? []).map((event) => ({
      ...event,
      actorId: actor.id,
      detail: { ...event.detail, ...detail },
    })),
  ];
  await settle(tx, deps, claim, target, { result: 'done', restId: rest });
  await appendAuditEvents(tx, events);
}

/** Loaded when first needed: most workers never do this. */
async function perform(
  tx: Executor,
  kind: BulkClaim['kind'],
  input: Parameters<typeof import('@sheaf/downloads/retry-download').retryDownload>[1],
) {
  switch (kind) {
    case 'retry':
      return (await import('@sheaf/downloads/retry-download')).retryDownload(tx, input);
    case 'cancel':
      await (await import('@sheaf/downloads/cancel-download')).cancelDownload(tx, input);
      return undefined;
    case 'revoke':
      await (await import('@sheaf/downloads/revoke-download')).revokeDownload(tx, input);
      return undefined;
  }
}

async function settle(
  tx: Executor,
  { settings, clock }: WorkerDeps,
  claim: BulkClaim,
  { downloadId }: Target,
  outcome: { result: 'done' | 'skipped'; code?: string; message?: string; restId?: string | undefined },
): Promise<void> {
  if (!(await settleTarget(tx, { actionId: claim.id, downloadId, ...outcome, at: clock() }))) throw new ClaimLost();
  const held = await holdBulkAction(tx, claim, {
    leaseSeconds: settings.LEASE_SECONDS,
    done: outcome.result === 'done' ? 1 : 0,
    skipped: outcome.result === 'skipped' ? 1 : 0,
  });
  if (held === null) throw new ClaimLost();
}
