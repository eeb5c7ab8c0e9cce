import { and, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { licences, licenceVersions } from '../schema/catalogue.ts';

export interface LicenceDocument {
  /** Of the licence, as it is called now. */
  title: string;
  sha256: string;
}

/** The document of one version of a licence; null when there is no such version. */
export async function findLicenceVersion(
  executor: Executor,
  { licenceId, number }: { licenceId: string; number: number },
): Promise<LicenceDocument | null> {
  const [row] = await executor
    .select({ title: licences.title, sha256: licenceVersions.documentSha256 })
    .from(licenceVersions)
    .innerJoin(licences, eq(licences.id, licenceVersions.licenceId))
    .where(and(eq(licenceVersions.licenceId, licenceId), eq(licenceVersions.number, number)));
  return row ?? null;
}
