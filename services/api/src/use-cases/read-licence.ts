import type { LicenceJson } from '@sheaf/contract/licence';
import { findLicence } from '@sheaf/db/catalogue/find-licence';
import type { Executor } from '@sheaf/db/database';
import { loadAcceptances } from '@sheaf/db/downloads/load-acceptances';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import type { Actor } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { seesEverything } from '@sheaf/domain/sees-everything';
import { licenceJson } from './licence-json.ts';

/** One licence; one that is not approved is there for those who see everything. Throws `resource.not_found`. */
export async function readLicence(
  executor: Executor,
  { licenceId, actor, now }: { licenceId: string; actor: Actor; now: Date },
): Promise<LicenceJson> {
  const licence = await findLicence(executor, licenceId);
  if (!licence || !(licence.approved || seesEverything(actor))) {
    throw new AppError('resource.not_found', 'There is no such licence.');
  }
  const acceptances = await loadAcceptances(executor, actor.id, [licenceId]);
  const { licenceAcceptance } = (await readVisibility(executor)).configuration;
  return licenceJson(licence, { actor, acceptances, licenceAcceptance, now });
}
