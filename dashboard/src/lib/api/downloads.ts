import type { DownloadJson, DownloadListQuery, DownloadPageJson } from '@sheaf/contract/download';
import { api } from '#lib/api.ts';

export const downloadKeys = {
  all: ['downloads'] as const,
  list: (query: DownloadListQuery = {}) => ['downloads', 'list', query] as const,
  detail: (id: string) => ['downloads', 'detail', id] as const,
};

export const downloadsApi = {
  list: (query: DownloadListQuery, cursor: string | null) =>
    api.get<DownloadPageJson>('/api/v1/downloads', { query: { ...query, cursor } }),
  cancel: (id: string) => api.post<DownloadJson>(`/api/v1/downloads/${id}/cancel`),
  retry: (id: string) => api.post<DownloadJson>(`/api/v1/downloads/${id}/retry`),
};
