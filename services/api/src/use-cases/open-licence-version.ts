import { findLicenceVersion } from '@sheaf/db/catalogue/find-licence-version';
import { hasAcceptedVersion } from '@sheaf/db/catalogue/has-accepted-version';
import type { Executor } from '@sheaf/db/database';
import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { seesEverything } from '@sheaf/domain/sees-everything';
import type { Storage } from '@sheaf/storage/file-storage';
import type { SentFile } from '../file-delivery/send-file.ts';
import { openTerms } from './open-terms.ts';

export interface LicenceVersionQuestion {
  licenceId: string;
  number: number;
  actor: Actor;
}

/**
 * The PDF of one version of a licence, in force or not: administrators and auditors may read any, everybody else what they have
 * accepted, whatever became of the licence since. Throws `resource.not_found`, also for a version that is not this
 * actor's to read, and `blob.missing` or `blob.corrupt`.
 */
export async function openLicenceVersion(
  { executor, storage }: { executor: Executor; storage: Pick<Storage, 'blobs'> },
  { licenceId, number, actor }: LicenceVersionQuestion,
): Promise<SentFile> {
  const version = await findLicenceVersion(executor, { licenceId, number });
  const readable =
    seesEverything(actor) || (await hasAcceptedVersion(executor, { userId: actor.id, licenceId, number }));
  if (version === null || !readable) throw new AppError('resource.not_found', 'There is no such version.');
  const fileName = `${version.title} (version ${number}).pdf`;
  return openTerms({ executor, storage }, { sha256: version.sha256, fileName });
}
