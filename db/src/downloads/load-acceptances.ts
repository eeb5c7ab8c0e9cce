import type { RecordedAcceptance } from '@sheaf/domain/licence';
import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { acceptances } from '../schema/downloads.ts';

/** What a decision is about: acceptances that were given for it count where those given for others do not. */
export type AcceptanceSubject = { downloadId: string | null } | { assetId: string };

/**
 * What a user has accepted of these licences. Every request records its own acceptances, so that there may be thousands
 * of the same terms: of each version and its bytes, the newest one comes back, and the newest one that was given for
 * the subject. Version 0 has those of terms from before versions were counted, whatever their bytes.
 */
export async function loadAcceptances(
  executor: Executor,
  userId: string,
  licenceIds: readonly string[],
  subject: AcceptanceSubject = { downloadId: null },
): Promise<RecordedAcceptance[]> {
  if (licenceIds.length === 0) return [];
  const given = executor
    .select({
      licenceId: acceptances.licenceId,
      version: acceptances.version,
      sha256: acceptances.sha256,
      downloadId: acceptances.downloadId,
      assetId: acceptances.assetId,
      acceptedAt: acceptances.acceptedAt,
      forSubject: sql<boolean>`coalesce(${isFor(subject)}, false)`.as('for_subject'),
    })
    .from(acceptances)
    .where(and(eq(acceptances.userId, userId), inArray(acceptances.licenceId, [...licenceIds])))
    .as('given');
  const { licenceId, version, sha256, downloadId, assetId, acceptedAt, forSubject } = given;
  return executor
    .selectDistinctOn([licenceId, version, sha256, forSubject], {
      ...{ licenceId, version, sha256, downloadId, assetId, acceptedAt },
    })
    .from(given)
    .orderBy(licenceId, version, sha256, forSubject, desc(acceptedAt));
}

function isFor(subject: AcceptanceSubject): SQL {
  if ('assetId' in subject) return eq(acceptances.assetId, subject.assetId);
  return subject.downloadId === null ? sql`false` : eq(acceptances.downloadId, subject.downloadId);
}
