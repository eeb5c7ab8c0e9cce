import type {
  LicenceChanges,
  LicenceFields,
  LicenceJson,
  LicencePageJson,
  LicenceVersionJson,
} from '@sheaf/contract/licence';
import type { PageJson } from '@sheaf/contract/page';
import { api, idempotent } from '#lib/api.ts';
import { formOf } from './form-of.ts';

export const adminLicenceKeys = {
  all: ['admin-licences'] as const,
  list: ['admin-licences', 'list'] as const,
  versions: (id: string) => ['admin-licences', 'versions', id] as const,
};

export const adminLicencesApi = {
  list: (cursor: string | null) => api.get<LicencePageJson>('/api/v1/licences', { query: { cursor } }),
  add: ({ title, approved, expiresAt }: LicenceFields, file: File | null, key: string) => {
    const texts = { title, approved: String(approved ?? false), ...(expiresAt && { expiresAt }) };
    const body = file ? formOf(texts, file) : { title, approved, expiresAt };
    return api.post<LicenceJson>('/api/v1/licences', { body, headers: idempotent(key) });
  },
  change: (id: string, body: LicenceChanges) => api.patch<LicenceJson>(`/api/v1/licences/${id}`, { body }),
  replaceTerms: (id: string, file: File) =>
    api.patch<LicenceJson>(`/api/v1/licences/${id}`, { body: formOf({}, file) }),
  versions: (id: string, cursor: string | null) =>
    api.get<PageJson<LicenceVersionJson>>(`/api/v1/licences/${id}/versions`, { query: { cursor } }),
};
