import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';

/**
 * The ids of all administrators who are not disabled; until the transaction ends, nobody else makes them fewer. Take it
 * before any other lock of a user.
 */
export async function lockAdministrators(tx: Executor): Promise<string[]> {
  const rows = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, 'administrator'), isNull(users.disabledAt)))
    .orderBy(asc(users.id))
    .for('no key update');
  return rows.map(({ id }) => id);
}
