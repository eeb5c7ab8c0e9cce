import type { DirectDownloadJson, DownloadJson, DownloadListQuery, DownloadPageJson } from '@sheaf/contract/download';
import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import type { PreflightJson } from '@sheaf/contract/preflight';
import { api, idempotent } from '#lib/api.ts';

export const downloadKeys = {
  all: ['downloads'] as const,
  list: (query: DownloadListQuery = {}) => ['downloads', 'list', query] as const,
  detail: (id: string) => ['downloads', 'detail', id] as const,
};

export const downloadsApi = {
  /** The decision about a request, with the outcomes that a person wants to look at. */
  preflight: (body: DownloadRequestJson, signal?: AbortSignal) =>
    api.post<PreflightJson>('/api/v1/downloads/preflight', {
      query: { outcomes: 'notable' },
      body,
      ...(signal && { signal }),
    }),
  /** @param key The same for every attempt at one request. */
  request: (body: DownloadRequestJson, key: string) =>
    api.post<DownloadJson | DirectDownloadJson>('/api/v1/downloads', { body, headers: idempotent(key) }),
  list: (query: DownloadListQuery, cursor: string | null) =>
    api.get<DownloadPageJson>('/api/v1/downloads', { query: { ...query, cursor } }),
  cancel: (id: string) => api.post<DownloadJson>(`/api/v1/downloads/${id}/cancel`),
  retry: (id: string) => api.post<DownloadJson>(`/api/v1/downloads/${id}/retry`),
};
