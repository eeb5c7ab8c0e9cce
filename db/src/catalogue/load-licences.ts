import { inArray } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { licences } from '../schema/catalogue.ts';
import type { LicenceRecord } from './licence-record.ts';
import { selectLicences } from './select-licences.ts';

/** The licences with these ids, as far as they exist. */
export async function loadLicences(executor: Executor, ids: Iterable<string>): Promise<Map<string, LicenceRecord>> {
  const unique = [...new Set(ids)];
  if (unique.length === 0) return new Map();
  const rows = await selectLicences(executor).where(inArray(licences.id, unique));
  return new Map(rows.map((row) => [row.id, row]));
}
