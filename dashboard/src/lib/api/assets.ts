import type { AssetJson, AssetListQuery, AssetPageJson } from '@sheaf/contract/asset';
import { api } from '#lib/api.ts';

export const assetKeys = {
  all: ['assets'] as const,
  list: (query: AssetListQuery = {}) => ['assets', 'list', query] as const,
  detail: (id: string) => ['assets', 'detail', id] as const,
};

export const assetsApi = {
  list: (query: AssetListQuery, cursor: string | null) =>
    api.get<AssetPageJson>('/api/v1/assets', { query: { ...query, cursor } }),
  get: (id: string) => api.get<AssetJson>(`/api/v1/assets/${id}`),
};
