import type { QueueName } from '@sheaf/domain/queue-name';
import type { Retention } from '@sheaf/domain/retention';
import type { RollupResolution } from '@sheaf/domain/time-range';
import { bigint, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.ts';
import { time } from './columns.ts';

/**
 * What happened in each minute, hour and day: counts, sums, samples, and histograms with a row for each bucket. The
 * dashboard reads these; a million downloads are never counted while somebody waits.
 */
export const rollups = pgTable(
  'rollups',
  {
    resolution: text('resolution').$type<RollupResolution>().notNull(),
    measure: text('measure').notNull(),
    /** Start of the minute, hour or day, UTC. */
    at: time('at').notNull(),
    /** Of a histogram; 0 for everything else. */
    bucket: smallint('bucket').notNull().default(0),
    value: bigint('value', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.resolution, t.measure, t.at, t.bucket] })],
);

/** Who took how much capacity in each hour, of the last two days. */
export const requesterRollups = pgTable(
  'requester_rollups',
  {
    at: time('at').notNull(),
    requesterId: uuid('requester_id').notNull(),
    downloads: integer('downloads').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.at, t.requesterId] })],
);

/** Up to when each resolution is counted: after a downtime counting goes on from there. */
export const rollupProgress = pgTable('rollup_progress', {
  resolution: text('resolution').$type<RollupResolution>().primaryKey(),
  through: time('through').notNull(),
});

/** What administrators have set for a queue; one without a row runs as by the settings. */
export const queueSettings = pgTable('queue_settings', {
  name: text('name').$type<QueueName>().primaryKey(),
  /** Null while it is not paused. */
  pausedAt: time('paused_at'),
  pausedBy: uuid('paused_by').references(() => users.id, { onDelete: 'set null' }),
  pauseReason: text('pause_reason'),
  /** Jobs that each worker runs at once; null: as by the worker's settings. */
  concurrency: integer('concurrency'),
});

/** What the last measurement of the storage found. One row. */
export const storageFacts = pgTable('storage_facts', {
  id: integer('id').primaryKey(),
  measuredAt: time('measured_at').notNull(),
  facts: jsonb('facts').$type<StorageFacts>().notNull(),
});

export interface FilesAndBytes {
  files: number;
  bytes: number;
}

export interface StorageFacts {
  /** Each file once, whatever uses it. */
  blobs: FilesAndBytes;
  /** What uses them; a file that has two uses is in both. */
  originals: FilesAndBytes;
  staticRenditions: FilesAndBytes;
  dynamicRenditions: FilesAndBytes;
  documents: FilesAndBytes;
  /** Of ready downloads: archives that are stored whole. */
  archives: FilesAndBytes;
  /** Of ready downloads: what is stored of archives that are streamed, which is all but their files. */
  tails: FilesAndBytes;
  /** Of the file system; null where it cannot be asked. */
  disk: { freeBytes: number; totalBytes: number } | null;
}

/** How far the care for what is stored has come. One row, or none while nobody has begun. */
export const storageCare = pgTable('storage_care', {
  id: integer('id').primaryKey(),
  /** Until when a worker has the reading to itself, and which one. */
  scrubLeaseUntil: time('scrub_lease_until'),
  scrubWorkerId: text('scrub_worker_id'),
  /** Counted since the installation began. */
  verifiedFiles: bigint('verified_files', { mode: 'number' }).notNull().default(0),
  verifiedBytes: bigint('verified_bytes', { mode: 'number' }).notNull().default(0),
  faultsFound: bigint('faults_found', { mode: 'number' }).notNull().default(0),
  removedFiles: bigint('removed_files', { mode: 'number' }).notNull().default(0),
  removedBytes: bigint('removed_bytes', { mode: 'number' }).notNull().default(0),
  lastVerifiedAt: time('last_verified_at'),
  /** The last blob that was looked at for its uses; empty: the next look begins with the first. */
  usesCheckedTo: text('uses_checked_to').notNull().default(''),
  /** The first two digits of the names of files that are next compared with the rows, from 0 to 255. */
  nextFolder: integer('next_folder').notNull().default(0),
  /** Until when no stored file may be removed: somebody copies them. */
  heldUntil: time('held_until'),
});

/** Every version of the retention; the highest one is in force. */
export const retentionVersions = pgTable('retention_versions', {
  version: integer('version').primaryKey().generatedAlwaysAsIdentity(),
  retention: jsonb('retention').$type<Retention>().notNull(),
  reason: text('reason').notNull(),
  changedBy: uuid('changed_by').references(() => users.id, { onDelete: 'set null' }),
  changedAt: time('changed_at').notNull().defaultNow(),
});
