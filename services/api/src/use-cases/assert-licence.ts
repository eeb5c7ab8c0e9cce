import { findLicence } from '@sheaf/db/catalogue/find-licence';
import type { Executor } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';

/** For administrators, to whom every licence is there. Throws `resource.not_found`. */
export async function assertLicence(executor: Executor, licenceId: string): Promise<void> {
  if ((await findLicence(executor, licenceId)) === null) {
    throw new AppError('resource.not_found', 'There is no such licence.');
  }
}
