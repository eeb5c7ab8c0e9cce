import type {
  AssetChanges,
  AssetFacetsJson,
  AssetFields,
  AssetFilterJson,
  AssetJson,
  AssetPageJson,
  AssetSelectionJson,
} from '@sheaf/contract/asset';
import { api, type CallOptions, idempotent } from '#lib/api.ts';
import { formOf } from './form-of.ts';

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
  /** @param key The same for every attempt at one file. */
  add: (fields: AssetFields, file: File, key: string, options: Pick<CallOptions, 'signal' | 'onprogress'>) =>
    api.post<AssetJson>('/api/v1/assets', { body: formOf({ ...fields }, file), headers: idempotent(key), ...options }),
  change: (id: string, changes: AssetChanges) => api.patch<AssetJson>(`/api/v1/assets/${id}`, { body: changes }),
};
