import { sql } from 'drizzle-orm';
import { visibilityVersions } from '../schema/catalogue.ts';

/** Of the version in force, for a statement that needs nothing else of it; null where there is no limit. */
export const runningPerRequester = sql`(
  select (configuration ->> 'runningPerRequester')::int from ${visibilityVersions} order by version desc limit 1
)`;
