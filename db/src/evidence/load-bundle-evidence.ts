import { sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { type BundleTerms, loadBundleTerms } from './load-bundle-terms.ts';
import { loadReceiptFacts, type ReceiptFacts } from './load-receipt-facts.ts';

/** What the receipts of a download tell beside its files, all as of one moment. Throws `resource.not_found`. */
export async function loadBundleEvidence(
  db: Pick<Database, 'transaction'>,
  downloadId: string,
): Promise<{ facts: ReceiptFacts; terms: BundleTerms }> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`set transaction isolation level repeatable read, read only`);
    const facts = await loadReceiptFacts(tx, downloadId);
    return { facts, terms: await loadBundleTerms(tx, { downloadId, userId: facts.requester.id }) };
  });
}
