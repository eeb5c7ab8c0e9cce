import type { Executor } from '../database.ts';
import { isAnyOf } from '../is-any-of.ts';
import { groups } from '../schema/groups.ts';

/** The names of these groups by id, as far as they exist. No statement where there are none to ask for. */
export async function loadGroupNames(executor: Executor, ids: Iterable<string>): Promise<Map<string, string>> {
  const unique = [...new Set(ids)];
  if (unique.length === 0) return new Map();
  const rows = await executor
    .select({ id: groups.id, name: groups.name })
    .from(groups)
    .where(isAnyOf(groups.id, unique));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
