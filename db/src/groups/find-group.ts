import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { groups } from '../schema/groups.ts';
import { type Group, groupColumns, toGroup } from './group.ts';

export async function findGroup(executor: Executor, id: string): Promise<Group | null> {
  const [row] = await executor.select(groupColumns).from(groups).where(eq(groups.id, id));
  return row === undefined ? null : toGroup(row);
}

/** As `findGroup`, and holds the group still until the transaction ends. */
export async function lockGroup(tx: Executor, id: string): Promise<Group | null> {
  await tx.select({ id: groups.id }).from(groups).where(eq(groups.id, id)).for('update');
  return findGroup(tx, id);
}
