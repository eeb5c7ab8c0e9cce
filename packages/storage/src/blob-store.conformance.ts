import { describe, onTestFinished } from 'vitest';
import { testBlobContent } from './blob-content.conformance.ts';
import { testBlobNames } from './blob-names.conformance.ts';
import type { BlobStoreUnderTest } from './blob-store-under-test.ts';

/** Every guarantee that a driver of `BlobStore` gives. */
export function describeBlobStore(driver: string, createStore: () => Promise<BlobStoreUnderTest>): void {
  async function setup() {
    const underTest = await createStore();
    onTestFinished(() => underTest.close());
    return underTest;
  }

  describe(`blob store: ${driver}`, () => {
    testBlobContent(setup);
    testBlobNames(setup);
  });
}
