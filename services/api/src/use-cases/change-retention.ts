import type { RetentionChange, RetentionEffectJson } from '@sheaf/contract/retention';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { type RetentionVersion, readRetention } from '@sheaf/db/retention/read-retention';
import { shortenBundles } from '@sheaf/db/retention/shorten-bundles';
import * as effects from '@sheaf/db/retention/simulate-retention';
import { lockRetention, writeRetention } from '@sheaf/db/retention/write-retention';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { AppError } from '@sheaf/domain/app-error';
import { bundleHours, type Retention } from '@sheaf/domain/retention';
import type { AdministrativeChange } from './administrative-change.ts';

/** What a retention would end and remove if it were in force now. Changes nothing. */
export async function simulateRetention(
  executor: Executor,
  { retention, now }: { retention: Retention; now: Date },
): Promise<RetentionEffectJson> {
  const { configuration } = await readVisibility(executor);
  return effects.simulateRetention(executor, { ...retention, bundleHours: bundleHours(retention, configuration) }, now);
}

/**
 * Puts a new retention in force. In a transaction. Bundles that are older than it allows are over from the commit on;
 * the sweep ends them and removes what is stored of them. The audit event says how many, before it happens. Throws
 * `resource.conflict` when the version that was read is no longer the one in force.
 */
export async function changeRetention(
  tx: Executor,
  { version, retention, reason }: RetentionChange,
  { actorId, now, told }: AdministrativeChange,
): Promise<RetentionVersion> {
  await lockRetention(tx);
  const before = await readRetention(tx);
  if (before.version !== version) {
    throw new AppError('resource.conflict', 'Somebody else has changed the retention meanwhile.', {
      detail: { state: { version: before.version } },
    });
  }
  const { configuration } = await readVisibility(tx);
  const hours = bundleHours(retention, configuration);
  const effect = await effects.simulateRetention(tx, { ...retention, bundleHours: hours }, now);
  const changed = await writeRetention(tx, { retention, reason, changedBy: actorId, changedAt: now });
  const detail = { version: changed.version, reason, before: before.retention, after: retention, effect };
  await appendAuditEvent(tx, told({ action: 'retention.changed', detail }));
  await shortenBundles(tx, hours);
  return changed;
}
