import type { Acceptance } from '@sheaf/domain/licence';
import type { Executor } from '../database.ts';
import { acceptances } from '../schema/downloads.ts';

/** Where a request came from, for the record. */
export interface RequestOrigin {
  ipAddress: string | null;
  userAgent: string | null;
}

export interface AcceptancesOfRequest extends RequestOrigin {
  userId: string;
  /** The download that they were given for; null for a file that was sent as it is. */
  downloadId: string | null;
  accepted: readonly Acceptance[];
  now: Date;
}

/** Records acceptances. The first record of the same terms by the same user stays as it is. */
export async function recordAcceptances(
  tx: Executor,
  { userId, downloadId, accepted, ipAddress, userAgent, now }: AcceptancesOfRequest,
): Promise<void> {
  if (accepted.length === 0) return;
  await tx
    .insert(acceptances)
    .values(
      accepted.map(({ licenceId, sha256 }) => ({
        userId,
        licenceId,
        sha256,
        downloadId,
        ipAddress,
        userAgent,
        acceptedAt: now,
      })),
    )
    .onConflictDoNothing();
}
