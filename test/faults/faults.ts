import type { Fault } from './fault.ts';
import { apiKilled } from './fault-api-killed.ts';
import { clockMoved } from './fault-clock-moved.ts';
import { databaseOutages } from './fault-database-outages.ts';
import { diskFull } from './fault-disk-full.ts';
import { identicalRequests } from './fault-identical-requests.ts';
import { packKilled } from './fault-pack-killed.ts';
import { receivers } from './fault-receivers.ts';
import { redisOutages } from './fault-redis-outages.ts';
import { terminated } from './fault-terminated.ts';
import { storageUnreliable } from './fault-unreliable-storage.ts';
import { workerKilled } from './fault-worker-killed.ts';
import { workerSuspended } from './fault-worker-suspended.ts';

/** In the order in which they are run. */
export const faults: readonly Fault[] = [
  apiKilled,
  workerKilled,
  identicalRequests,
  workerSuspended,
  redisOutages,
  terminated,
  databaseOutages,
  packKilled,
  receivers,
  clockMoved,
  diskFull,
  storageUnreliable,
];
