import type { BulkActionKind, BulkActionState } from '@sheaf/domain/bulk-action';
import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.ts';
import { id, time } from './columns.ts';

/** One change to every download that a filter found, with how far it is. Its targets never change once it is written. */
export const bulkActions = pgTable(
  'bulk_actions',
  {
    id: id(),
    kind: text('kind').$type<BulkActionKind>().notNull(),
    /** As it was asked for: for people to read, since the targets are written down. */
    filter: jsonb('filter').$type<Record<string, string | number>>().notNull(),
    reason: text('reason'),
    state: text('state').$type<BulkActionState>().notNull(),
    createdBy: uuid('created_by')
      .notNull()
      .references(() => users.id),
    requestId: text('request_id'),
    /** As of when the targets are what the filter found. */
    createdAt: time('created_at').notNull().defaultNow(),
    confirmedAt: time('confirmed_at'),
    startedAt: time('started_at'),
    finishedAt: time('finished_at'),
    cancelRequestedAt: time('cancel_requested_at'),
    total: integer('total').notNull(),
    people: integer('people').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    done: integer('done').notNull().default(0),
    skipped: integer('skipped').notNull().default(0),
    /** Counts the claims, as downloads do. */
    epoch: integer('epoch').notNull().default(0),
    leaseUntil: time('lease_until'),
  },
  (t) => [
    index('bulk_actions_open_idx').on(t.id).where(sql`state in ('previewed', 'queued', 'running')`),
    index('bulk_actions_confirmed_idx').on(t.id).where(sql`state <> 'previewed'`),
  ],
);

/** What a bulk action is to change, and what came of it. */
export const bulkActionTargets = pgTable(
  'bulk_action_targets',
  {
    actionId: uuid('action_id')
      .notNull()
      .references(() => bulkActions.id, { onDelete: 'cascade' }),
    downloadId: uuid('download_id').notNull(),
    /** The download's when it was found: one that was started over since is another matter. */
    epoch: integer('epoch').notNull(),
    /** Null while it is still to be handled. */
    result: text('result').$type<'done' | 'skipped'>(),
    /** Why it was skipped, as an error code; null otherwise. */
    code: text('code'),
    message: text('message'),
    /** The download that goes on, where that is another one. */
    restId: uuid('rest_id'),
    at: time('at'),
  },
  (t) => [
    primaryKey({ columns: [t.actionId, t.downloadId] }),
    index('bulk_action_targets_open_idx').on(t.actionId, t.downloadId).where(sql`result is null`),
  ],
);
