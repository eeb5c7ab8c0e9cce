import { bigint, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, time } from './columns.ts';

/**
 * Work that a committed transaction asked for. The relay takes rows and adds queue jobs with the same job id; a row
 * goes away once its job is added. What the queue loses is found again by the sweep from the states themselves.
 */
export const outbox = pgTable(
  'outbox',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    job: text('job').notNull(),
    jobId: text('job_id').notNull(),
    payload: jsonb('payload').$type<Record<string, string | number>>().notNull(),
    /** Whose turn it uses up; null for work of the house. */
    requesterId: uuid('requester_id'),
    /** 0 is most urgent. */
    priority: integer('priority').notNull().default(5),
    availableAt: time('available_at').notNull().defaultNow(),
    createdAt: time('created_at').notNull().defaultNow(),
  },
  (t) => [index('outbox_available_idx').on(t.availableAt, t.priority, t.id)],
);

export const workers = pgTable('workers', {
  id: text('id').primaryKey(),
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  version: text('version').notNull(),
  startedAt: time('started_at').notNull(),
  heartbeatAt: time('heartbeat_at').notNull(),
  rssBytes: bigint('rss_bytes', { mode: 'number' }).notNull().default(0),
  /** What it was running at its last heartbeat, oldest first. */
  jobs: jsonb('jobs').$type<RunningJob[]>().notNull().default([]),
});

export interface RunningJob {
  queue: string;
  jobId: string;
  /** Of a job of a download. */
  downloadId: string | null;
  /** RFC 3339. */
  startedAt: string;
}

/** Facts of the installation that must exist once, such as "the sample catalogue was imported". */
export const installation = pgTable('installation', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  /** For secrets, sealed with the instance's key. */
  sealed: bytes('sealed'),
  createdAt: time('created_at').notNull().defaultNow(),
});
