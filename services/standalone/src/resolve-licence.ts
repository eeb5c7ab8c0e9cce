import { findLicence } from '@sheaf/db/catalogue/find-licence';
import type { LicenceRecord } from '@sheaf/db/catalogue/licence-record';
import { listLicences } from '@sheaf/db/catalogue/list-licences';
import type { Executor } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The licence with this id, or with exactly this title, whatever its case. Throws `input.invalid` for none or several. */
export async function resolveLicence(executor: Executor, idOrTitle: string): Promise<LicenceRecord> {
  const byId = uuid.test(idOrTitle) ? await findLicence(executor, idOrTitle) : null;
  if (byId) return byId;
  const titled = await licencesTitled(executor, idOrTitle);
  if (titled.length === 1) return titled[0]!;
  const why = titled.length === 0 ? 'There is no licence' : `There are ${titled.length} licences`;
  throw new AppError('input.invalid', `${why} "${idOrTitle}".`);
}

export async function licencesTitled(executor: Executor, title: string): Promise<LicenceRecord[]> {
  const { items } = await listLicences(executor, { q: title, limit: 200 });
  return items.filter((licence) => licence.title.toLowerCase() === title.toLowerCase());
}
