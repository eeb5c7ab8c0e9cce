import { and, asc, eq, lt, notExists, sql } from 'drizzle-orm';
import { addToOutbox } from '../add-to-outbox.ts';
import type { Executor } from '../database.ts';
import { outbox } from '../schema/jobs.ts';
import { derivatives } from '../schema/presets.ts';
import { derivativeJob } from './derivative-job.ts';

/** Written out: in a statement about one table, drizzle drops the tables' names of columns, inside subqueries too. */
const derivativeId = sql.raw('"derivatives"."id"');

/**
 * Asks again for derivatives that have been pending since `before`: the queue may have lost their job. In a
 * transaction. Returns for how many.
 */
export async function askForLostDerivatives(
  tx: Executor,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const asked = tx
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(eq(outbox.job, 'derive'), eq(outbox.jobId, sql`'derive-' || ${derivativeId}::text`)));
  const lost = await tx
    .select({ id: derivatives.id, requestedBy: derivatives.requestedBy })
    .from(derivatives)
    .where(and(eq(derivatives.state, 'pending'), lt(derivatives.createdAt, before), notExists(asked)))
    .orderBy(asc(derivatives.id))
    .limit(limit);
  await addToOutbox(tx, lost.map(derivativeJob));
  return lost.length;
}
