import { lt } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { webhooks } from '../schema/notifications.ts';

/** Forgets the secrets that sign no more. */
export async function forgetPreviousSecrets(executor: Executor, now: Date): Promise<void> {
  await executor
    .update(webhooks)
    .set({ previousSealedSecret: null, previousSecretUntil: null })
    .where(lt(webhooks.previousSecretUntil, now));
}
