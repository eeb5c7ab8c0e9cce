import type { ApiRoute } from '../../../api-deps.ts';
import { getOverview } from './get-overview.ts';
import { getQueues } from './get-queues.ts';
import { getRetention } from './get-retention.ts';
import { getRetentionVersions } from './get-retention-versions.ts';
import { getStorage } from './get-storage.ts';
import { getStorageFaults } from './get-storage-faults.ts';
import { getWorkers } from './get-workers.ts';
import { patchQueue } from './patch-queue.ts';
import { postQueuePause } from './post-queue-pause.ts';
import { postQueueResume } from './post-queue-resume.ts';
import { postRetentionSimulation } from './post-retention-simulation.ts';
import { putRetention } from './put-retention.ts';

/** What keeps the service going, and how long it keeps what. */
export const operationRoutes: ApiRoute[] = [
  getOverview,
  getQueues,
  postQueuePause,
  postQueueResume,
  patchQueue,
  getWorkers,
  getStorage,
  getStorageFaults,
  getRetention,
  getRetentionVersions,
  postRetentionSimulation,
  putRetention,
];
