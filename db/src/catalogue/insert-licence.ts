import type { Executor } from '../database.ts';
import { licences, licenceVersions } from '../schema/catalogue.ts';
import { newId } from '../schema/columns.ts';

export interface NewLicence {
  title: string;
  approved: boolean;
  /** The PDF of the terms: its blob must be recorded already. Null when there is none yet. */
  documentSha256: string | null;
  expiresAt: Date | null;
}

/**
 * Adds a licence, with its first version where it has a document, and returns its id. `createdBy` is absent for the
 * system itself. Give it a transaction.
 */
export async function insertLicence(
  executor: Executor,
  { createdBy = null, ...licence }: NewLicence & { createdBy?: string | null },
): Promise<string> {
  const id = newId();
  const { documentSha256 } = licence;
  await executor.insert(licences).values({ id, ...licence, version: documentSha256 === null ? 0 : 1 });
  if (documentSha256 !== null) {
    await executor.insert(licenceVersions).values({ licenceId: id, number: 1, documentSha256, createdBy });
  }
  return id;
}
