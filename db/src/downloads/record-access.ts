import type { AuditEvent } from '@sheaf/domain/audit-event';
import { sql } from 'drizzle-orm';
import { appendAuditEvents } from '../audit/append-audit-event.ts';
import type { Database } from '../database.ts';
import { accesses } from '../schema/links.ts';

/** One answered request for a file's bytes. What does not apply is left out. */
export type Access = typeof accesses.$inferInsert & { id: string };

export interface RecordedAccess {
  access: Access;
  /** What the audit log says of it; null for what is not worth an event. */
  event: AuditEvent | null;
}

/**
 * Records how answers ended together with what the audit log says of them: all or nothing. A row that was written when
 * the answer began is corrected. Each access occurs once in `recorded`.
 */
export async function recordAccesses(db: Pick<Database, 'transaction'>, recorded: readonly RecordedAccess[]) {
  await db.transaction(async (tx) => {
    await tx
      .insert(accesses)
      .values(recorded.map(({ access }) => access))
      .onConflictDoUpdate({
        target: accesses.id,
        set: {
          status: sql`excluded.status`,
          rangeStart: sql`excluded.range_start`,
          bytesSent: sql`excluded.bytes_sent`,
        },
      });
    await appendAuditEvents(
      tx,
      recorded.flatMap(({ event }) => event ?? []),
    );
  });
}
