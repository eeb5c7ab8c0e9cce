import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { groups } from '../schema/groups.ts';

/** Removes a group with its memberships. */
export async function deleteGroup(tx: Executor, id: string): Promise<void> {
  await tx.delete(groups).where(eq(groups.id, id));
}
