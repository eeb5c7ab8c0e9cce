import type { Acceptance } from '@sheaf/domain/licence';
import { and, eq, inArray } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { acceptances } from '../schema/downloads.ts';

/** What a user has accepted of these licences, each acceptance with the SHA-256 of the terms accepted. */
export async function loadAcceptances(
  executor: Executor,
  userId: string,
  licenceIds: readonly string[],
): Promise<Acceptance[]> {
  if (licenceIds.length === 0) return [];
  return executor
    .select({ licenceId: acceptances.licenceId, sha256: acceptances.sha256 })
    .from(acceptances)
    .where(and(eq(acceptances.userId, userId), inArray(acceptances.licenceId, [...licenceIds])));
}
