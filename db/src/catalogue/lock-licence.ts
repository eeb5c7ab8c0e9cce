import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { licences } from '../schema/catalogue.ts';
import type { LicenceRecord } from './licence-record.ts';
import { selectLicences } from './select-licences.ts';

/** One licence, held still until the transaction ends; null when there is none. */
export async function lockLicence(tx: Executor, licenceId: string): Promise<LicenceRecord | null> {
  const [row] = await selectLicences(tx).where(eq(licences.id, licenceId)).for('update', { of: licences });
  return row ?? null;
}
