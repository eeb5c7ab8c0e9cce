import { AppError } from '@sheaf/domain/app-error';
import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { licences, licenceVersions } from '../schema/catalogue.ts';
import type { NewLicence } from './insert-licence.ts';

/** What is absent stays as it is; null takes the value away. */
export type LicenceChanges = { [K in keyof NewLicence]?: NewLicence[K] | undefined } & {
  /** Absent for the system itself. */
  changedBy?: string | null;
};

/**
 * Changes a licence. Another document than the one in force is a new version, also where it is that of an older one: it
 * asks for acceptance anew. The very document in force changes nothing. Give it a transaction: changes of one licence
 * wait for each other, so that versions are counted without gaps. Throws `resource.not_found`.
 */
export async function updateLicence(
  executor: Executor,
  licenceId: string,
  { changedBy = null, documentSha256, ...changes }: LicenceChanges,
  now: Date,
): Promise<void> {
  const [current] = await executor
    .select({ version: licences.version, documentSha256: licences.documentSha256 })
    .from(licences)
    .where(eq(licences.id, licenceId))
    .for('update');
  if (current === undefined) {
    throw new AppError('resource.not_found', 'There is no such licence.', { detail: { licenceId } });
  }
  const replaced = documentSha256 !== undefined && documentSha256 !== current.documentSha256;
  if (!replaced && Object.values(changes).every((change) => change === undefined)) return;
  const version = current.version + (replaced && documentSha256 !== null ? 1 : 0);
  await executor
    .update(licences)
    .set({ ...changes, ...(replaced && { documentSha256, version }), updatedAt: now })
    .where(eq(licences.id, licenceId));
  if (replaced && documentSha256 !== null) {
    await executor
      .insert(licenceVersions)
      .values({ licenceId, number: version, documentSha256, createdBy: changedBy, createdAt: now });
  }
}
