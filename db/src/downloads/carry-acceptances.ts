import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { licences } from '../schema/catalogue.ts';
import { acceptances } from '../schema/downloads.ts';

/**
 * What was accepted for one download counts for the one that takes its place, as far as it is of the versions in force:
 * recorded again with the time and origin of the acceptance itself.
 */
export async function carryAcceptances(tx: Executor, { from, to }: { from: string; to: string }): Promise<void> {
  const rows = await tx
    .selectDistinctOn([acceptances.licenceId], {
      userId: acceptances.userId,
      licenceId: acceptances.licenceId,
      version: acceptances.version,
      sha256: acceptances.sha256,
      ipAddress: acceptances.ipAddress,
      userAgent: acceptances.userAgent,
      acceptedAt: acceptances.acceptedAt,
    })
    .from(acceptances)
    .innerJoin(
      licences,
      sql`${licences.id} = ${acceptances.licenceId} and ${licences.version} = ${acceptances.version}`,
    )
    .where(sql`${acceptances.downloadId} = ${from} and ${licences.documentSha256} = ${acceptances.sha256}`)
    .orderBy(acceptances.licenceId, acceptances.acceptedAt);
  if (rows.length === 0) return;
  await tx.insert(acceptances).values(rows.map((row) => ({ ...row, downloadId: to })));
}
