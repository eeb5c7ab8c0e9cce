import { AppError } from '@sheaf/domain/app-error';
import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { licences } from '../schema/catalogue.ts';
import type { NewLicence } from './insert-licence.ts';

/** What is absent stays as it is; null takes the value away. */
export type LicenceChanges = { [K in keyof NewLicence]?: NewLicence[K] | undefined };

/** Changes a licence. New terms end all acceptances of the old ones. Throws `resource.not_found`. */
export async function updateLicence(
  executor: Executor,
  licenceId: string,
  changes: LicenceChanges,
  now: Date,
): Promise<void> {
  const updated = await executor
    .update(licences)
    .set({ ...changes, updatedAt: now })
    .where(eq(licences.id, licenceId))
    .returning({ id: licences.id });
  if (updated.length === 0) {
    throw new AppError('resource.not_found', 'There is no such licence.', { detail: { licenceId } });
  }
}
