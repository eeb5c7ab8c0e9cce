import type { QueueChange } from '@sheaf/contract/queue';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { lockQueue } from '@sheaf/db/queues/lock-queue';
import { setQueue } from '@sheaf/db/queues/set-queue';
import { AppError } from '@sheaf/domain/app-error';
import type { QueueName } from '@sheaf/domain/queue-name';
import type { AdministrativeChange } from './administrative-change.ts';

/**
 * Pauses a queue: from the commit on no worker begins another of its jobs, and the relay leaves what is asked for where
 * it is; what runs goes on to its end. In a transaction. Throws `resource.conflict` where it is paused already.
 */
export async function pauseQueue(
  tx: Executor,
  { name, reason }: { name: QueueName; reason: string },
  { actorId, now, told }: AdministrativeChange,
): Promise<void> {
  const { pausedAt } = await lockQueue(tx, name);
  if (pausedAt !== null) throw new AppError('resource.conflict', `The queue ${name} is paused already.`);
  await setQueue(tx, name, { pausedAt: now, pausedBy: actorId, pauseReason: reason });
  await appendAuditEvent(tx, told({ action: 'queue.paused', detail: { queue: name, reason } }));
}

/** In a transaction. Throws `resource.conflict` where the queue is not paused. */
export async function resumeQueue(
  tx: Executor,
  { name, reason }: { name: QueueName; reason: string },
  { told }: AdministrativeChange,
): Promise<void> {
  const { pausedAt } = await lockQueue(tx, name);
  if (pausedAt === null) throw new AppError('resource.conflict', `The queue ${name} is not paused.`);
  await setQueue(tx, name, { pausedAt: null, pausedBy: null, pauseReason: null });
  const pausedSince = pausedAt.toISOString();
  await appendAuditEvent(tx, told({ action: 'queue.resumed', detail: { queue: name, reason, pausedSince } }));
}

/** Sets how many of a queue's jobs each worker runs at once: live workers follow at once. In a transaction. */
export async function changeQueue(
  tx: Executor,
  { name, concurrency, reason }: QueueChange & { name: QueueName },
  { told }: AdministrativeChange,
): Promise<void> {
  const before = await lockQueue(tx, name);
  await setQueue(tx, name, { concurrency });
  const detail = { queue: name, reason, before: { concurrency: before.concurrency }, after: { concurrency } };
  await appendAuditEvent(tx, told({ action: 'queue.changed', detail }));
}
