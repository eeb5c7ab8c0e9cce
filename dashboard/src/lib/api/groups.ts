import type { GroupChangesJson, GroupFieldsJson, GroupJson, MemberJson } from '@sheaf/contract/group';
import type { PageJson } from '@sheaf/contract/page';
import { api, idempotent } from '#lib/api.ts';

const url = '/api/v1/admin/groups';

export const groupKeys = {
  all: ['groups'] as const,
  list: (q: string) => ['groups', 'list', q] as const,
  every: ['groups', 'every'] as const,
  detail: (id: string) => ['groups', 'detail', id] as const,
  members: (id: string) => ['groups', 'detail', id, 'members'] as const,
};

const list = (q: string, cursor: string | null, limit?: number) =>
  api.get<PageJson<GroupJson>>(url, { query: { q, cursor, limit } });

export const groupsApi = {
  list,
  /** All of them, for lists to choose from: there are as many as an organisation has departments. */
  async every(): Promise<GroupJson[]> {
    const groups: GroupJson[] = [];
    let cursor: string | null = null;
    do {
      const page: PageJson<GroupJson> = await list('', cursor, 200);
      groups.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return groups.sort((a, b) => a.name.localeCompare(b.name));
  },
  get: (id: string) => api.get<GroupJson>(`${url}/${id}`),
  create: (fields: GroupFieldsJson, key: string) =>
    api.post<GroupJson>(url, { body: fields, headers: idempotent(key) }),
  change: (id: string, changes: GroupChangesJson) => api.patch<GroupJson>(`${url}/${id}`, { body: changes }),
  remove: (id: string) => api.delete(`${url}/${id}`),
  members: (id: string, cursor: string | null) =>
    api.get<PageJson<MemberJson>>(`${url}/${id}/members`, { query: { cursor } }),
  addMember: (id: string, userId: string) => api.put<void>(`${url}/${id}/members/${userId}`),
  removeMember: (id: string, userId: string) => api.delete(`${url}/${id}/members/${userId}`),
};
