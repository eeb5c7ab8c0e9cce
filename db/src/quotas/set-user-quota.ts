import type { Quota } from '@sheaf/domain/quota';
import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { userQuotas } from '../schema/groups.ts';
import { toQuotaRow } from './quota-row.ts';

/** Gives a user a quota in place of the configuration's, also one without limits; null takes it away. */
export async function setUserQuota(executor: Executor, userId: string, quota: Quota | null): Promise<void> {
  if (quota === null) {
    await executor.delete(userQuotas).where(eq(userQuotas.userId, userId));
    return;
  }
  const row = toQuotaRow(quota);
  await executor
    .insert(userQuotas)
    .values({ userId, ...row })
    .onConflictDoUpdate({ target: userQuotas.userId, set: row });
}
