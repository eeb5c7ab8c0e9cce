import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bundleParts } from '../schema/bundles.ts';

/** Has the scrub look at an archive next: somebody found it wanting. Where it did already, nothing changes. */
export async function askToVerify(executor: Executor, downloadId: string, number: number): Promise<void> {
  const part = and(eq(bundleParts.downloadId, downloadId), eq(bundleParts.number, number), isNull(bundleParts.fault));
  await executor
    .update(bundleParts)
    .set({ verifyAt: sql`least(${bundleParts.verifyAt}, now())` })
    .where(part);
}
