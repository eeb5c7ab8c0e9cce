import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { acceptances } from '../schema/downloads.ts';

/** An acceptance of terms, for the record. */
export interface CountedAcceptance {
  licenceId: string;
  version: number;
  sha256: string;
  acceptedAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
}

/**
 * Of all terms of these licences that the user has accepted, version and bytes, the acceptance that a download goes by:
 * the one given with it, else, where acceptances are remembered, the first one ever.
 */
export async function loadCountedAcceptances(
  executor: Executor,
  { downloadId, userId, licenceIds }: { downloadId: string; userId: string; licenceIds: readonly string[] },
): Promise<CountedAcceptance[]> {
  if (licenceIds.length === 0) return [];
  return executor
    .selectDistinctOn([acceptances.licenceId, acceptances.version, acceptances.sha256], {
      licenceId: acceptances.licenceId,
      version: acceptances.version,
      sha256: acceptances.sha256,
      acceptedAt: acceptances.acceptedAt,
      ipAddress: acceptances.ipAddress,
      userAgent: acceptances.userAgent,
    })
    .from(acceptances)
    .where(and(eq(acceptances.userId, userId), inArray(acceptances.licenceId, [...licenceIds])))
    .orderBy(
      asc(acceptances.licenceId),
      asc(acceptances.version),
      asc(acceptances.sha256),
      desc(sql`${acceptances.downloadId} is not distinct from ${downloadId}::uuid`),
      asc(acceptances.acceptedAt),
      asc(acceptances.id),
    );
}
