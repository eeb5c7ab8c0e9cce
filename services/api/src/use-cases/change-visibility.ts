import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { lockVisibility } from '@sheaf/db/visibility/lock-visibility';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import type { VisibilityVersion } from '@sheaf/db/visibility/visibility-version';
import { writeVisibility } from '@sheaf/db/visibility/write-visibility';
import { AppError } from '@sheaf/domain/app-error';
import { visibilityChanges } from '@sheaf/domain/visibility-changes';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import type { AdministrativeChange } from './administrative-change.ts';

export interface ProposedVisibility {
  /** Given the one in force, which does not change any more until the new one is. */
  configuration(inForce: VisibilityConfiguration): VisibilityConfiguration;
  /** The version that the change was made from: another one in force by now is a conflict. */
  readVersion: number | undefined;
  /** The version that is brought back; null for a change of its own. */
  rolledBackTo: number | null;
  /** For the audit log. */
  reason: string | undefined;
}

/**
 * Puts a new configuration in force. In a transaction, in which nobody else changes the configuration, or removes a
 * group that it names. Throws `resource.conflict` when `readVersion` is no longer the one in force, `input.invalid` for
 * a configuration that contradicts itself.
 */
export async function changeVisibility(
  tx: Executor,
  { readVersion, rolledBackTo, reason, ...proposed }: ProposedVisibility,
  { actorId, now, told }: AdministrativeChange,
): Promise<VisibilityVersion> {
  await lockVisibility(tx);
  const before = await readVisibility(tx);
  if (readVersion !== undefined && before.version !== readVersion) {
    throw new AppError('resource.conflict', 'Somebody else has changed the configuration meanwhile.', {
      detail: { state: { version: before.version } },
    });
  }
  const configuration = proposed.configuration(before.configuration);
  // Whoever waited for the lock came later, whatever their clock said when they came.
  const changedAt = before.changedAt !== null && before.changedAt > now ? before.changedAt : now;
  const changed = await writeVisibility(tx, { configuration, rolledBackTo, changedBy: actorId, changedAt });
  const changes = visibilityChanges(before.configuration, changed.configuration);
  const detail = { version: changed.version, rolledBackTo, changes, ...(reason !== undefined && { reason }) };
  await appendAuditEvent(tx, told({ action: 'visibility.changed', detail }));
  return changed;
}
