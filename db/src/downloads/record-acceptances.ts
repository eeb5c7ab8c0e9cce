import type { Acceptance } from '@sheaf/domain/licence';
import type { Executor } from '../database.ts';
import { acceptances } from '../schema/downloads.ts';

/** Where a request came from, for the record. */
export interface RequestOrigin {
  ipAddress: string | null;
  userAgent: string | null;
}

export interface AcceptedVersion extends Acceptance {
  version: number;
}

export interface AcceptancesOfRequest extends RequestOrigin {
  userId: string;
  /** The download that they were given for; null for a file that was sent as it is. */
  downloadId: string | null;
  /** Of an asset whose file was sent as it is; null for a download. */
  assetId: string | null;
  accepted: readonly AcceptedVersion[];
  now: Date;
}

/** Records acceptances: each request's own, also of terms that were accepted before. */
export async function recordAcceptances(
  tx: Executor,
  { userId, downloadId, assetId, accepted, ipAddress, userAgent, now }: AcceptancesOfRequest,
): Promise<void> {
  if (accepted.length === 0) return;
  await tx.insert(acceptances).values(
    accepted.map(({ licenceId, version, sha256 }) => ({
      userId,
      licenceId,
      version,
      sha256,
      downloadId,
      assetId,
      ipAddress,
      userAgent,
      acceptedAt: now,
    })),
  );
}
