import { asc, gte } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { auditEvents } from '../schema/evidence.ts';

/** A row of the audit log as it is stored. */
export type AuditRow = typeof auditEvents.$inferSelect;

const pageSize = 2_000;

/** The whole audit log from a number on, page by page in the order of the chain, in constant memory. */
export async function* readAuditRows(executor: Executor, fromSeq: number | null): AsyncGenerator<AuditRow[]> {
  let next = fromSeq;
  for (;;) {
    const rows = await executor
      .select()
      .from(auditEvents)
      .where(next === null ? undefined : gte(auditEvents.seq, next))
      .orderBy(asc(auditEvents.seq))
      .limit(pageSize);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (rows.length < pageSize) return;
    next = last.seq + 1;
  }
}
