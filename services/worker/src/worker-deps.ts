import type { Database } from '@sheaf/db/database';
import type { Renderer } from '@sheaf/imaging/renderer';
import type { Clock } from '@sheaf/runtime/clock';
import type { Logger } from '@sheaf/runtime/logger';
import type { Sealer } from '@sheaf/runtime/seal';
import type { Settings } from '@sheaf/runtime/settings';
import type { Storage } from '@sheaf/storage/file-storage';
import type { Cadence } from './cadence.ts';
import type { Mailer } from './notify/mailer.ts';
import type { WorkerPolicy } from './worker-policy.ts';

/** Sealers of the instance's key, one for each use, with the same purposes as the API's. */
export interface WorkerSealers {
  /** Tokens of default links. */
  link: Sealer;
  /** Signing secrets of webhooks. */
  webhook: Sealer;
  /** Messages that are kept for want of a mail server. */
  mail: Sealer;
  /** Private keys that sign receipts. */
  signing: Sealer;
}

/** What the jobs need. */
export interface WorkerDeps {
  settings: Settings;
  db: Database;
  storage: Storage;
  logger: Logger;
  clock: Clock;
  sealers: WorkerSealers;
  policy: WorkerPolicy;
  /** When the sweep last did what it does rarely. */
  cadence: Cadence;
  /** Null where no mail server is configured: messages are kept instead. */
  mailer: Mailer | null;
  /** Makes pictures on demand. */
  renderer: Pick<Renderer, 'render'>;
  /** Where people reach the service, without a slash at the end. */
  publicUrl: string;
  /** Of this process, unlike that of any other. */
  workerId: string;
}
