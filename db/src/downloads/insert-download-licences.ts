import type { Executor } from '../database.ts';
import { downloadLicences } from '../schema/downloads.ts';

/** Notes which licences a download's assets are under, to find it by them; those that are known already stay. */
export async function insertDownloadLicences(
  tx: Executor,
  downloadId: string,
  licences: readonly { licenceId: string }[],
): Promise<void> {
  if (licences.length === 0) return;
  const rows = licences.map(({ licenceId }) => ({ licenceId, downloadId }));
  await tx.insert(downloadLicences).values(rows).onConflictDoNothing();
}
