import type { OverviewJson } from '@sheaf/contract/overview';
import type { QueueJson, QueuesJson } from '@sheaf/contract/queue';
import type { RetentionEffectJson, RetentionJson, RetentionVersionJson } from '@sheaf/contract/retention';
import type { StorageFactsJson, StorageFaultPageJson } from '@sheaf/contract/storage';
import type { WorkersJson } from '@sheaf/contract/worker';
import { api } from '#lib/api.ts';

export type Range = OverviewJson['series']['range'];
export type RetentionVersion = Omit<RetentionVersionJson, 'inForce'>;

export const operationKeys = {
  overview: (range: Range) => ['admin', 'overview', range] as const,
  queues: ['admin', 'queues'] as const,
  workers: ['admin', 'workers'] as const,
  storage: ['admin', 'storage'] as const,
  storageFaults: ['admin', 'storage', 'faults'] as const,
  retention: ['admin', 'retention'] as const,
  retentionVersions: ['admin', 'retention', 'versions'] as const,
};

const queue = (name: string) => `/api/v1/admin/queues/${name}`;

export const operationsApi = {
  overview: (range: Range) => api.get<OverviewJson>('/api/v1/admin/overview', { query: { range } }),
  queues: () => api.get<QueuesJson>('/api/v1/admin/queues'),
  pauseQueue: (name: string, reason: string) => api.post<QueueJson>(`${queue(name)}/pause`, { body: { reason } }),
  resumeQueue: (name: string, reason: string) => api.post<QueueJson>(`${queue(name)}/resume`, { body: { reason } }),
  changeQueue: (name: string, concurrency: number | null, reason: string) =>
    api.patch<QueueJson>(queue(name), { body: { concurrency, reason } }),
  workers: () => api.get<WorkersJson>('/api/v1/admin/workers'),
  storage: () => api.get<StorageFactsJson>('/api/v1/admin/storage'),
  storageFaults: (cursor: string | null) =>
    api.get<StorageFaultPageJson>('/api/v1/admin/storage/faults', { query: { cursor } }),
  retention: () => api.get<RetentionVersionJson>('/api/v1/admin/retention'),
  retentionVersions: (cursor: string | null) =>
    api.get<{ items: RetentionVersion[]; nextCursor: string | null }>('/api/v1/admin/retention/versions', {
      query: { cursor },
    }),
  simulateRetention: (retention: RetentionJson) =>
    api.post<RetentionEffectJson>('/api/v1/admin/retention/simulation', { body: { retention } }),
  changeRetention: (version: number, retention: RetentionJson, reason: string) =>
    api.put<RetentionVersionJson>('/api/v1/admin/retention', { body: { version, retention, reason } }),
};
