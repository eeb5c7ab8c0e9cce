import type { AuditPageJson, AuditQuery, AuditVerificationJson } from '@sheaf/contract/audit';
import type { PageJson } from '@sheaf/contract/page';
import type { UserJson } from '@sheaf/contract/user';
import { api, withQuery } from '#lib/api.ts';

export type AuditFilter = Omit<AuditQuery, 'cursor' | 'limit' | 'format'>;

export const auditKeys = {
  list: (filter: AuditFilter) => ['audit', 'list', filter] as const,
  people: (q: string) => ['audit', 'people', q] as const,
  person: (id: string) => ['audit', 'person', id] as const,
};

export const auditApi = {
  list: (filter: AuditFilter, cursor: string | null) =>
    api.get<AuditPageJson>('/api/v1/admin/audit', { query: { ...filter, cursor } }),
  /** The address of the file with everything that the filter lets through. */
  csv: (filter: AuditFilter) => withQuery('/api/v1/admin/audit', { ...filter, format: 'csv' }),
  /** One step; to be asked again from its head until it is complete or has a fault. */
  verify: (from: string | null, expect: string, signal: AbortSignal) =>
    api.get<AuditVerificationJson>('/api/v1/admin/audit/verification', { query: { from, expect }, signal }),
  people: (q: string) => api.get<PageJson<UserJson>>('/api/v1/admin/users', { query: { q, limit: 8 } }),
  person: (id: string) => api.get<UserJson>(`/api/v1/admin/users/${id}`),
};
