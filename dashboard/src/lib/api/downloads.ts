import type {
  DirectDownloadJson,
  DownloadItemPageJson,
  DownloadJson,
  DownloadListQuery,
  DownloadPageJson,
} from '@sheaf/contract/download';
import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import type { NewLinkJson, UsedLinkPageJson } from '@sheaf/contract/link';
import type { PreflightJson } from '@sheaf/contract/preflight';
import type { StandingJson } from '@sheaf/contract/standing';
import { api, idempotent } from '#lib/api.ts';
import { freshest } from '#lib/freshest-download.ts';

export const downloadKeys = {
  all: ['downloads'] as const,
  lists: ['downloads', 'list'] as const,
  list: (query: DownloadListQuery = {}) => ['downloads', 'list', query] as const,
  detail: (id: string) => ['downloads', 'detail', id] as const,
  items: (id: string, outcome: string) => ['downloads', 'items', id, outcome] as const,
  links: (id: string) => ['downloads', 'links', id] as const,
  standing: (id: string) => ['downloads', 'standing', id] as const,
};

const path = (id: string) => `/api/v1/downloads/${id}`;

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
  eventsPath: '/api/v1/downloads/events',
  eventsPathOf: (id: string) => `${path(id)}/events`,
  list: async (query: DownloadListQuery, cursor: string | null) => {
    const page = await api.get<DownloadPageJson>('/api/v1/downloads', { query: { ...query, cursor } });
    return { ...page, items: page.items.map(freshest) };
  },
  get: async (id: string) => freshest(await api.get<DownloadJson>(path(id))),
  items: (id: string, outcome: 'included' | 'excluded', cursor: string | null) =>
    api.get<DownloadItemPageJson>(`${path(id)}/items`, { query: { outcome, cursor } }),
  links: (id: string, cursor: string | null) => api.get<UsedLinkPageJson>(`${path(id)}/links`, { query: { cursor } }),
  standing: (id: string) => api.get<StandingJson>(`${path(id)}/standing`),
  cancel: async (id: string) => freshest(await api.post<DownloadJson>(`${path(id)}/cancel`)),
  /** Answers with the download that goes on: another one where it is the rest of this one. */
  retry: async (id: string, key: string) =>
    freshest(await api.post<DownloadJson>(`${path(id)}/retry`, { headers: idempotent(key) })),
  revoke: async (id: string) => freshest(await api.post<DownloadJson>(`${path(id)}/revoke`)),
  newLink: (id: string, expiresAt: string | null, key: string) =>
    api.post<NewLinkJson>(`${path(id)}/links`, { body: { expiresAt }, headers: idempotent(key) }),
  revokeLink: (id: string, linkId: string) => api.delete(`${path(id)}/links/${linkId}`),
};
