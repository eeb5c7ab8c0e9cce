import type { InboxPageJson } from '@sheaf/contract/inbox';
import type { KeptMailPageJson } from '@sheaf/contract/kept-mail';
import { api } from '#lib/api.ts';

export const inboxKeys = {
  all: ['inbox'] as const,
  list: ['inbox', 'list'] as const,
  newest: ['inbox', 'newest'] as const,
  mails: ['inbox', 'mails'] as const,
};

export const inboxApi = {
  list: (cursor: string | null, limit?: number) =>
    api.get<InboxPageJson>('/api/v1/me/inbox', { query: { cursor, limit } }),
  read: (id: string) => api.post<void>(`/api/v1/me/inbox/${id}/read`),
  /** Everything up to this entry: what came after it has not been seen. */
  readAll: (upTo: string) => api.post<{ marked: number }>('/api/v1/me/inbox/read', { body: { upTo } }),
  mails: (cursor: string | null) => api.get<KeptMailPageJson>('/api/v1/me/mails', { query: { cursor } }),
};
