import { and, desc, eq, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';
import { users } from '../schema/auth.ts';
import { licences } from '../schema/catalogue.ts';
import { acceptances } from '../schema/downloads.ts';

/** An acceptance with what tells people who and what it is about. */
export interface AcceptanceRecord {
  id: string;
  user: { id: string; name: string; email: string };
  licence: { id: string; title: string };
  version: number;
  sha256: string;
  /** What it was given for: a download, or an asset whose file was sent as it is. */
  downloadId: string | null;
  assetId: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  acceptedAt: Date;
}

export interface AcceptanceListing {
  userId?: string | undefined;
  licenceId?: string | undefined;
  version?: number | undefined;
  limit: number;
  /** The last page's `nextCursor`: the id of its last acceptance. */
  after?: string | undefined;
}

/** Acceptances as they were recorded, newest first. */
export async function listAcceptances(
  executor: Executor,
  { userId, licenceId, version, limit, after }: AcceptanceListing,
): Promise<Page<AcceptanceRecord>> {
  const rows = await executor
    .select({
      id: acceptances.id,
      user: { id: users.id, name: users.name, email: users.email },
      licence: { id: licences.id, title: licences.title },
      version: acceptances.version,
      sha256: acceptances.sha256,
      downloadId: acceptances.downloadId,
      assetId: acceptances.assetId,
      ipAddress: acceptances.ipAddress,
      userAgent: acceptances.userAgent,
      acceptedAt: acceptances.acceptedAt,
    })
    .from(acceptances)
    .innerJoin(users, eq(users.id, acceptances.userId))
    .innerJoin(licences, eq(licences.id, acceptances.licenceId))
    .where(
      and(
        userId === undefined ? undefined : eq(acceptances.userId, userId),
        licenceId === undefined ? undefined : eq(acceptances.licenceId, licenceId),
        version === undefined ? undefined : eq(acceptances.version, version),
        after === undefined ? undefined : lt(acceptances.id, after),
      ),
    )
    .orderBy(desc(acceptances.id))
    .limit(limit + 1);
  return cutPage(rows, limit, (row) => row.id);
}
