import type {
  AdminDownloadCountJson,
  AdminDownloadFilter,
  AdminDownloadPageJson,
  AdminDownloadQuery,
} from '@sheaf/contract/admin-download';
import type { AccessPageJson, AdminDownloadDetailJson, RequesterViewJson } from '@sheaf/contract/admin-download-detail';
import type {
  BulkActionJson,
  BulkActionPageJson,
  BulkPreviewJson,
  BulkRequest,
  BulkResultPageJson,
} from '@sheaf/contract/bulk-action';
import type { DownloadItemPageJson, DownloadJson } from '@sheaf/contract/download';
import type { FailuresJson } from '@sheaf/contract/failure';
import { api, idempotent } from '#lib/api.ts';

export const adminDownloadKeys = {
  all: ['admin-downloads'] as const,
  list: (query: AdminDownloadQuery) => ['admin-downloads', 'list', query] as const,
  count: (filter: AdminDownloadFilter) => ['admin-downloads', 'count', filter] as const,
  detail: (id: string) => ['admin-downloads', 'detail', id] as const,
  items: (id: string, outcome: string) => ['admin-downloads', 'items', id, outcome] as const,
  accesses: (id: string) => ['admin-downloads', 'accesses', id] as const,
  bulkActions: ['admin-downloads', 'bulk'] as const,
  bulkAction: (id: string) => ['admin-downloads', 'bulk', id] as const,
  bulkResults: (id: string, result: string) => ['admin-downloads', 'bulk', id, 'results', result] as const,
  failures: (hours: number) => ['admin-downloads', 'failures', hours] as const,
};

const base = '/api/v1/admin';

export const adminDownloadsApi = {
  list: (query: AdminDownloadQuery, signal?: AbortSignal) =>
    api.get<AdminDownloadPageJson>(`${base}/downloads`, { query, ...(signal && { signal }) }),
  count: (filter: AdminDownloadFilter) => api.get<AdminDownloadCountJson>(`${base}/downloads/count`, { query: filter }),
  detail: (id: string) => api.get<AdminDownloadDetailJson>(`${base}/downloads/${id}`),
  items: (id: string, outcome: '' | 'included' | 'excluded', cursor: string | null) =>
    api.get<DownloadItemPageJson>(`/api/v1/downloads/${id}/items`, { query: { outcome, cursor } }),
  accesses: (id: string, cursor: string | null) =>
    api.get<AccessPageJson>(`${base}/downloads/${id}/accesses`, { query: { cursor } }),
  asRequester: (id: string) => api.get<RequesterViewJson>(`${base}/downloads/${id}/as-requester`),
  redeliver: (id: string, notificationId: string) =>
    api.post<AdminDownloadDetailJson>(`${base}/downloads/${id}/notifications/${notificationId}/redeliver`),
  change: (id: string, action: 'cancel' | 'retry' | 'revoke') =>
    api.post<DownloadJson>(`/api/v1/downloads/${id}/${action}`),
  revokeLink: (id: string, linkId: string) => api.delete(`/api/v1/downloads/${id}/links/${linkId}`),
  preview: (request: Pick<BulkRequest, 'action' | 'filter'>) =>
    api.post<BulkPreviewJson>(`${base}/downloads/bulk`, { body: { ...request, preview: true } }),
  startBulk: (request: BulkRequest, key: string) =>
    api.post<BulkActionJson>(`${base}/downloads/bulk`, { body: request, headers: idempotent(key) }),
  bulkActions: () => api.get<BulkActionPageJson>(`${base}/bulk-actions`, { query: { limit: 20 } }),
  bulkAction: (id: string) => api.get<BulkActionJson>(`${base}/bulk-actions/${id}`),
  bulkResults: (id: string, result: '' | 'done' | 'skipped' | 'open', cursor: string | null) =>
    api.get<BulkResultPageJson>(`${base}/bulk-actions/${id}/results`, { query: { result, cursor } }),
  cancelBulk: (id: string) => api.post<BulkActionJson>(`${base}/bulk-actions/${id}/cancel`),
  failures: (from: string) => api.get<FailuresJson>(`${base}/failures`, { query: { from } }),
};
