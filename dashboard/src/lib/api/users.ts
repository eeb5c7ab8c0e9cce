import type { PageJson } from '@sheaf/contract/page';
import type { NewPasswordJson, NewUserJson, UserChangesJson, UserFieldsJson, UserJson } from '@sheaf/contract/user';
import { api, idempotent } from '#lib/api.ts';

const url = '/api/v1/admin/users';

export interface UserFilter {
  q?: string;
  role?: UserJson['role'] | '';
  groupId?: string;
}

export const userKeys = {
  all: ['users'] as const,
  list: (filter: UserFilter) => ['users', 'list', filter] as const,
  detail: (id: string) => ['users', 'detail', id] as const,
};

export const usersApi = {
  list: (filter: UserFilter, cursor: string | null, limit?: number) =>
    api.get<PageJson<UserJson>>(url, { query: { ...filter, cursor, limit } }),
  get: (id: string) => api.get<UserJson>(`${url}/${id}`),
  create: (fields: UserFieldsJson, key: string) =>
    api.post<NewUserJson>(url, { body: fields, headers: idempotent(key) }),
  /** A generated one, which is shown this once. */
  resetPassword: (id: string, key: string) =>
    api.post<NewPasswordJson>(`${url}/${id}/password`, { headers: idempotent(key) }),
  change: (id: string, changes: UserChangesJson) => api.patch<UserJson>(`${url}/${id}`, { body: changes }),
};
