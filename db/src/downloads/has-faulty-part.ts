import { and, eq, isNotNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bundleParts } from '../schema/bundles.ts';

/** Whether the stored object of one of a download's archives was found missing or damaged: its links refuse. */
export async function hasFaultyPart(executor: Executor, downloadId: string): Promise<boolean> {
  const faulty = and(eq(bundleParts.downloadId, downloadId), isNotNull(bundleParts.fault));
  return (await executor.$count(bundleParts, faulty)) > 0;
}
