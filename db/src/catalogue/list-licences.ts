import { and, desc, eq, ilike, lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { escapeLike } from '../escape-like.ts';
import { cutPage, type Page } from '../page.ts';
import { licences } from '../schema/catalogue.ts';
import type { LicenceRecord } from './licence-record.ts';
import { selectLicences } from './select-licences.ts';

export interface LicenceListing {
  /** Part of the title, whatever its case. */
  q?: string | undefined;
  approved?: boolean | undefined;
  limit: number;
  /** The last page's `nextCursor`: the id of its last licence. */
  after?: string | undefined;
}

/** Licences, newest first. */
export async function listLicences(executor: Executor, listing: LicenceListing): Promise<Page<LicenceRecord>> {
  const { q, approved, limit, after } = listing;
  const rows = await selectLicences(executor)
    .where(
      and(
        after === undefined ? undefined : lt(licences.id, after),
        q === undefined ? undefined : ilike(licences.title, `%${escapeLike(q)}%`),
        approved === undefined ? undefined : eq(licences.approved, approved),
      ),
    )
    .orderBy(desc(licences.id))
    .limit(limit + 1);
  return cutPage(rows, limit, (row) => row.id);
}
