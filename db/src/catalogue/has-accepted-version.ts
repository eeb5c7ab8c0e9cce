import { and, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { licenceVersions } from '../schema/catalogue.ts';
import { acceptances } from '../schema/downloads.ts';

/** Whether a user has ever accepted this version of a licence: its very bytes. */
export async function hasAcceptedVersion(
  executor: Executor,
  { userId, licenceId, number }: { userId: string; licenceId: string; number: number },
): Promise<boolean> {
  const rows = await executor
    .select({ id: acceptances.id })
    .from(acceptances)
    .innerJoin(
      licenceVersions,
      and(
        eq(licenceVersions.licenceId, acceptances.licenceId),
        eq(licenceVersions.number, acceptances.version),
        eq(licenceVersions.documentSha256, acceptances.sha256),
      ),
    )
    .where(and(eq(acceptances.userId, userId), eq(acceptances.licenceId, licenceId), eq(acceptances.version, number)))
    .limit(1);
  return rows.length > 0;
}
