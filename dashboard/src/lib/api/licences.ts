import { api } from '#lib/api.ts';

export const licencesApi = {
  /** The PDF of the terms that have this SHA-256: another version has another address for the browser's cache. */
  document: async (documentUrl: string, sha256: string | null, signal: AbortSignal): Promise<Uint8Array> => {
    const response = await api.open(documentUrl, { query: { terms: sha256 }, signal });
    return new Uint8Array(await response.arrayBuffer());
  },
};
