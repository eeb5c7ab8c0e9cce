import type { AcceptanceJson } from '@sheaf/contract/acceptance';
import type { ApiTokenPageJson, NewApiTokenJson } from '@sheaf/contract/api-token';
import type { MeJson, PreferencesChanges, PreferencesJson } from '@sheaf/contract/me';
import type { PageJson } from '@sheaf/contract/page';
import type { SharedDownloadPageJson } from '@sheaf/contract/shared-download';
import { api, idempotent } from '#lib/api.ts';

export const meKeys = {
  me: ['me'] as const,
  tokens: ['me', 'tokens'] as const,
  shared: ['me', 'shared'] as const,
  acceptances: ['me', 'acceptances'] as const,
};

export const meApi = {
  me: () => api.get<MeJson>('/api/v1/me'),
  /** Whether somebody is signed in, without asking anybody to. */
  probe: () => api.get<MeJson>('/api/v1/me', { anonymous: true }),
  changePreferences: (changes: PreferencesChanges) =>
    api.patch<PreferencesJson>('/api/v1/me/preferences', { body: changes }),
  tokens: (cursor: string | null) => api.get<ApiTokenPageJson>('/api/v1/me/tokens', { query: { cursor } }),
  addToken: (name: string, expiresAt: string | null, key: string) =>
    api.post<NewApiTokenJson>('/api/v1/me/tokens', { body: { name, expiresAt }, headers: idempotent(key) }),
  revokeToken: (id: string) => api.delete(`/api/v1/me/tokens/${id}`),
  /** The newest ones. */
  acceptances: () => api.get<PageJson<AcceptanceJson>>('/api/v1/me/acceptances', { query: { limit: 200 } }),
  shared: (cursor: string | null) => api.get<SharedDownloadPageJson>('/api/v1/me/shared', { query: { cursor } }),
};
