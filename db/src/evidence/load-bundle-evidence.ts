import { sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { type BundleItem, listBundleItems } from './list-bundle-items.ts';
import { type BundleTerms, loadBundleTerms } from './load-bundle-terms.ts';
import { loadReceiptFacts, type ReceiptFacts } from './load-receipt-facts.ts';

/** To be read before `use` ends. */
export interface BundleEvidence {
  facts: ReceiptFacts;
  /** All of the request, in its order, page by page. */
  items: AsyncIterable<BundleItem[]>;
  /** Of these licences, and how the requester accepted them. */
  termsOf(licenceIds: readonly string[]): Promise<BundleTerms>;
}

/**
 * What the archives of a download and their receipts are made of, all as of one moment: which asset is under which
 * licence, the terms of those, and how they were accepted. Throws `resource.not_found`.
 */
export async function loadBundleEvidence<T>(
  db: Pick<Database, 'transaction'>,
  downloadId: string,
  use: (evidence: BundleEvidence) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`set transaction isolation level repeatable read, read only`);
    const facts = await loadReceiptFacts(tx, downloadId);
    const userId = facts.requester.id;
    return use({
      facts,
      items: listBundleItems(tx, downloadId),
      termsOf: (licenceIds) => loadBundleTerms(tx, { downloadId, userId, licenceIds }),
    });
  });
}
