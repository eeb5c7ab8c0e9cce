import type { LicencePageJson } from '@sheaf/contract/licence';
import { api } from '#lib/api.ts';

export const licenceKeys = { all: ['licences'] as const };

export const licencesApi = {
  /** Every licence that the caller sees, however many there are: they are few. */
  all: async (): Promise<LicencePageJson['items']> => {
    const items: LicencePageJson['items'] = [];
    for (let cursor: string | null = null; ; ) {
      const page: LicencePageJson = await api.get('/api/v1/licences', { query: { cursor, limit: 200 } });
      items.push(...page.items);
      if (page.nextCursor === null) return items;
      cursor = page.nextCursor;
    }
  },
  /** The PDF of the terms that have this SHA-256: another version has another address for the browser's cache. */
  document: async (documentUrl: string, sha256: string | null, signal: AbortSignal): Promise<Uint8Array> => {
    const response = await api.open(documentUrl, { query: { terms: sha256 }, signal });
    return new Uint8Array(await response.arrayBuffer());
  },
};
