import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bulkActionTargets } from '../schema/bulk-actions.ts';

/** The next targets of a bulk action that nothing has come of yet. */
export async function listOpenTargets(
  executor: Executor,
  actionId: string,
  limit: number,
): Promise<{ downloadId: string; epoch: number }[]> {
  return executor
    .select({ downloadId: bulkActionTargets.downloadId, epoch: bulkActionTargets.epoch })
    .from(bulkActionTargets)
    .where(and(eq(bulkActionTargets.actionId, actionId), isNull(bulkActionTargets.result)))
    .orderBy(asc(bulkActionTargets.downloadId))
    .limit(limit);
}

export interface TargetResult {
  actionId: string;
  downloadId: string;
  result: 'done' | 'skipped';
  code?: string | undefined;
  message?: string | undefined;
  restId?: string | undefined;
  at: Date;
}

/** Notes what came of a target; false where something had come of it before, and then nothing must be done to it. */
export async function settleTarget(tx: Executor, { actionId, downloadId, ...result }: TargetResult): Promise<boolean> {
  const settled = await tx
    .update(bulkActionTargets)
    .set(result)
    .where(
      and(
        eq(bulkActionTargets.actionId, actionId),
        eq(bulkActionTargets.downloadId, downloadId),
        isNull(bulkActionTargets.result),
      ),
    )
    .returning({ downloadId: bulkActionTargets.downloadId });
  return settled.length > 0;
}
