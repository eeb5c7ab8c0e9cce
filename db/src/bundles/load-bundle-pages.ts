import { and, asc, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { type BundleFile, bundlePages } from '../schema/bundles.ts';

/** Where each page of a bundle begins, by its number. */
export async function listPageOffsets(executor: Executor, bundleId: string): Promise<number[]> {
  const rows = await executor
    .select({ offset: bundlePages.offset })
    .from(bundlePages)
    .where(eq(bundlePages.bundleId, bundleId))
    .orderBy(asc(bundlePages.number));
  return rows.map(({ offset }) => offset);
}

/** The files of one page; none where the bundle was removed meanwhile. */
export async function loadBundlePage(executor: Executor, bundleId: string, number: number): Promise<BundleFile[]> {
  const [row] = await executor
    .select({ files: bundlePages.files })
    .from(bundlePages)
    .where(and(eq(bundlePages.bundleId, bundleId), eq(bundlePages.number, number)));
  return row?.files ?? [];
}
