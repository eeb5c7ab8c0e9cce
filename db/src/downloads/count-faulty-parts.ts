import { and, eq, isNotNull } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { bundleParts } from '../schema/bundles.ts';

/** Archives of a download whose stored object was found missing or damaged: their links refuse. */
export function countFaultyParts(executor: Executor, downloadId: string): Promise<number> {
  return executor.$count(bundleParts, and(eq(bundleParts.downloadId, downloadId), isNotNull(bundleParts.fault)));
}
