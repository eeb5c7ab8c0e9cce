import { AppError } from '@sheaf/domain/app-error';
import { and, asc, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { downloads } from '../schema/downloads.ts';
import { auditEvents } from '../schema/evidence.ts';

/** What the receipt of a download says of its request. */
export interface ReceiptFacts {
  name: string;
  requestId: string | null;
  requester: { id: string; name: string; email: string };
  createdAt: Date;
  startedAt: Date | null;
  ipAddress: string | null;
  userAgent: string | null;
  /** The audit log's row about the request; `hash` in hexadecimal. */
  audit: { seq: number; hash: string } | null;
}

/** Throws `resource.not_found`. */
export async function loadReceiptFacts(executor: Executor, downloadId: string): Promise<ReceiptFacts> {
  const [facts] = await executor
    .select({
      name: downloads.name,
      requestId: downloads.requestId,
      requester: { id: users.id, name: users.name, email: users.email },
      createdAt: downloads.createdAt,
      startedAt: downloads.startedAt,
      ipAddress: downloads.ipAddress,
      userAgent: downloads.userAgent,
    })
    .from(downloads)
    .innerJoin(users, eq(users.id, downloads.requesterId))
    .where(eq(downloads.id, downloadId));
  if (facts === undefined) throw new AppError('resource.not_found', 'There is no such download.');
  const [row] = await executor
    .select({ seq: auditEvents.seq, hash: auditEvents.hash })
    .from(auditEvents)
    .where(and(eq(auditEvents.downloadId, downloadId), eq(auditEvents.action, 'download.requested')))
    .orderBy(asc(auditEvents.seq))
    .limit(1);
  return { ...facts, audit: row === undefined ? null : { seq: row.seq, hash: row.hash.toString('hex') } };
}
