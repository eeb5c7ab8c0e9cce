import type {
  AssetFacetsJson,
  AssetFilterJson,
  AssetJson,
  AssetPageJson,
  AssetSelectionJson,
} from '@sheaf/contract/asset';
import { api } from '#lib/api.ts';

export const assetKeys = {
  all: ['assets'] as const,
  list: (filter: AssetFilterJson = {}) => ['assets', 'list', filter] as const,
  facets: (filter: AssetFilterJson) => ['assets', 'facets', filter] as const,
  byIds: (ids: readonly string[]) => ['assets', 'ids', ids] as const,
  detail: (id: string) => ['assets', 'detail', id] as const,
};

/** As many as one call takes. */
export const mostAssetsById = 200;

export const assetsApi = {
  list: (filter: AssetFilterJson, cursor: string | null, limit?: number) =>
    api.get<AssetPageJson>('/api/v1/assets', { query: { ...filter, cursor, limit } }),
  /** Those of the ids that the caller may see, newest first. */
  byIds: (ids: readonly string[]) =>
    api.get<AssetPageJson>('/api/v1/assets', { query: { ids: ids.join(','), limit: mostAssetsById } }),
  facets: (filter: AssetFilterJson) => api.get<AssetFacetsJson>('/api/v1/assets/facets', { query: filter }),
  selection: (filter: AssetFilterJson) => api.get<AssetSelectionJson>('/api/v1/assets/selection', { query: filter }),
  get: (id: string) => api.get<AssetJson>(`/api/v1/assets/${id}`),
};
