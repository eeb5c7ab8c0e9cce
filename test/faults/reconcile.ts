import { verifyAuditLog } from '@sheaf/db/audit/verify-audit-log';
import { findGaps } from '@sheaf/db/doctor/find-gaps';
import { findUnsettled } from '@sheaf/db/doctor/find-unsettled';
import { leaseSeconds } from '@sheaf/worker/jobs/notify';
import { checkObjects } from './check-objects.ts';
import type { FaultOutcome } from './fault.ts';
import type { Accepted } from './load.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

export interface ReconcileOptions {
  /** What every name of the accepted ones begins with, and no other. */
  label: string;
  /** How long it may take until there is nothing left to do. */
  withinMs: number;
  /** Codes with which a download may fail all the same. */
  mayFailWith?: readonly string[];
  /** Attempts to notify that were begun within these seconds may still be under way: they are not made again yet. */
  silentSeconds?: number;
}

/** Most of a sort that are told one by one. */
const shown = 5;

/**
 * What every fault ends with, while workers run: waits until nothing is left to do, and then holds all records against each
 * other and against what is stored. Whatever does not fit is a broken promise, and so is a download that failed.
 */
export async function reconcile(
  stage: Stage,
  accepted: Accepted,
  { label, withinMs, mayFailWith = [], silentSeconds = 4 }: ReconcileOptions,
): Promise<FaultOutcome> {
  const { db } = stage;
  const broken: string[] = [];
  const atRest = await until(() => isAtRest(stage, silentSeconds), { withinMs, everyMs: 100 });
  if (!atRest) {
    const left = await findUnsettled(db.orm, { limit: 1_000 });
    broken.push(`${left.length} left undone`, ...left.slice(0, shown).map((one) => `undone: ${JSON.stringify(one)}`));
  }
  for (const gap of await findGaps(db.orm, { limit: shown })) broken.push(`gap: ${JSON.stringify(gap)}`);

  const rows = await db.orm.execute<{ id: string; name: string; state: string; error: { code: string } | null }>(
    `select id, name, state, error from downloads where name like '${label}-%'`,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const lost = [...accepted.ids].filter(([, id]) => !byId.has(id));
  const ready = rows.filter(({ state }) => state === 'ready');
  const isAllowed = (code: string | undefined) => code !== undefined && mayFailWith.includes(code);
  const notReady = rows.filter(({ state, error }) => state !== 'ready' && !isAllowed(error?.code));
  const duplicates = rows.length - new Set(rows.map(({ name }) => name)).size;
  if (lost.length > 0) broken.push(`${lost.length} accepted and lost, such as ${lost[0]}`);
  if (duplicates > 0) broken.push(`${duplicates} downloads are there twice`);
  if (rows.length - duplicates > accepted.ids.size) broken.push('more downloads than were accepted');
  for (const row of notReady.slice(0, shown)) broken.push(`not ready: ${JSON.stringify(row)}`);

  broken.push(...(await checkObjects(stage)));
  const audit = await verifyAuditLog(db.orm);
  if (audit.fault !== null) broken.push(`audit log: ${audit.fault.message}`);
  for (const crash of stage.crashes.splice(0)) broken.push(`process ended: ${crash}`);
  const counts = { accepted: accepted.ids.size, ready: ready.length, lost: lost.length, duplicates };
  return { counts, broken };
}

async function isAtRest(stage: Stage, silentSeconds: number): Promise<boolean> {
  const left = await findUnsettled(stage.db.orm, { limit: 1_000 });
  const onlyNotifications = left.every(({ kind }) => kind === 'notification');
  if (left.length > 0 && onlyNotifications) await hurryNotifications(stage, { silentSeconds });
  return left.length === 0;
}

/**
 * Makes attempts due that broke off, which are otherwise made again only after minutes, but those that were begun within
 * the last `silentSeconds`: they may still be under way.
 */
export async function hurryNotifications({ db }: Stage, { silentSeconds }: { silentSeconds: number }): Promise<void> {
  await db.orm.execute(
    `update notifications set next_attempt_at = now() - interval '1 hour' where state = 'pending' and next_attempt_at
      not between now() + interval '${leaseSeconds - silentSeconds} seconds' and now() + interval '${leaseSeconds} seconds'`,
  );
}
