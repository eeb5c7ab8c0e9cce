import type {
  VisibilityChange,
  VisibilityJson,
  VisibilityRollback,
  VisibilityVersionDetailJson,
  VisibilityVersionJson,
} from '@sheaf/contract/visibility';
import type { VisibilityExplanationJson, VisibilityQuestion } from '@sheaf/contract/visibility-explanation';
import type { VisibilitySimulationJson, VisibilityTrial } from '@sheaf/contract/visibility-simulation';
import { api, idempotent } from '#lib/api.ts';

const url = '/api/v1/admin/visibility';

export const visibilityKeys = {
  all: ['visibility'] as const,
  inForce: ['visibility', 'in-force'] as const,
  at: (at: string) => ['visibility', 'at', at] as const,
  versions: ['visibility', 'versions'] as const,
  version: (version: number) => ['visibility', 'version', version] as const,
  simulation: (trial: VisibilityTrial) => ['visibility', 'simulation', trial] as const,
  explanation: (question: VisibilityQuestion) => ['visibility', 'explanation', question] as const,
};

export const visibilityApi = {
  inForce: () => api.get<VisibilityJson>(url),
  at: (at: string) => api.get<VisibilityJson>(url, { query: { at } }),
  replace: (change: VisibilityChange) => api.put<VisibilityJson>(url, { body: change }),
  versions: (cursor: string | null) =>
    api.get<{ items: VisibilityVersionJson[]; nextCursor: string | null }>(`${url}/versions`, {
      query: { cursor, limit: 20 },
    }),
  version: (version: number) => api.get<VisibilityVersionDetailJson>(`${url}/versions/${version}`),
  rollBack: (rollback: VisibilityRollback, key: string) =>
    api.post<VisibilityJson>(`${url}/rollback`, { body: rollback, headers: idempotent(key) }),
  simulate: (trial: VisibilityTrial) => api.post<VisibilitySimulationJson>(`${url}/simulate`, { body: trial }),
  explain: (question: VisibilityQuestion) => api.post<VisibilityExplanationJson>(`${url}/explain`, { body: question }),
};
