import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { licences } from '../schema/catalogue.ts';
import type { LicenceRecord } from './licence-record.ts';
import { selectLicences } from './select-licences.ts';

/** One licence; null when there is none. */
export async function findLicence(executor: Executor, licenceId: string): Promise<LicenceRecord | null> {
  const [row] = await selectLicences(executor).where(eq(licences.id, licenceId));
  return row ?? null;
}
