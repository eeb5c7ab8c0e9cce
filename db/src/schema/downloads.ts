import type { DownloadRequest } from '@sheaf/domain/download-request';
import type { DownloadState } from '@sheaf/domain/download-state';
import type { PlannedEntry, Reason } from '@sheaf/domain/outcome';
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.ts';
import { licences } from './catalogue.ts';
import { id, time, xid8 } from './columns.ts';

/** What later versions added to requests is absent in those that were accepted before. */
export type StoredRequest = Omit<DownloadRequest, 'assetIds' | 'acceptLicences' | LaterField> &
  Partial<Pick<DownloadRequest, LaterField>>;
type LaterField = 'renditionIds' | 'renditionNames' | 'withoutLicences';

export const downloads = pgTable(
  'downloads',
  {
    id: id(),
    requesterId: uuid('requester_id')
      .notNull()
      .references(() => users.id),
    name: text('name').notNull(),
    state: text('state').$type<DownloadState>().notNull().default('requested'),
    /** The request as it was accepted. The asset ids are the items; what it accepts counts as recorded in `acceptances`. */
    request: jsonb('request').$type<StoredRequest>().notNull(),
    background: boolean('background').notNull(),
    included: integer('included').notNull(),
    excluded: integer('excluded').notNull(),
    entriesDone: integer('entries_done').notNull().default(0),
    entriesTotal: integer('entries_total').notNull().default(0),
    bytesDone: bigint('bytes_done', { mode: 'number' }).notNull().default(0),
    bytesTotal: bigint('bytes_total', { mode: 'number' }).notNull().default(0),
    /** Counts the claims. Every effect of a worker carries `and epoch = …` of its own claim. */
    epoch: integer('epoch').notNull().default(0),
    leaseUntil: time('lease_until'),
    workerId: text('worker_id'),
    /** Claims that ended without a result: what tells a poison download from an unlucky one. */
    crashes: integer('crashes').notNull().default(0),
    /** The epochs of those that were counted. */
    crashEpochs: integer('crash_epochs').array().notNull().default(sql`'{}'`),
    /** Failed runs of the step in progress (gathering or packing) that were worth another try. */
    attempts: integer('attempts').notNull().default(0),
    cancelRequestedAt: time('cancel_requested_at'),
    error: jsonb('error').$type<{ code: string; message: string }>(),
    /** What failed downloads are counted by: `<code>/<step>` or `<code>/<step>/<cause>`. Null unless it has failed. */
    failure: text('failure'),
    /** The moment as of which the items were decided, as `decisive_moment()` gives it; null where that is not known. */
    decidedIn: text('decided_in'),
    decidedAt: time('decided_at'),
    /** When the first of the included assets or their licences ends. */
    contentEndsAt: time('content_ends_at'),
    requestId: text('request_id'),
    /** Where the request came from. */
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** The download whose rest this one is: some of that one's files may no longer be had. */
    restOf: uuid('rest_of'),
    createdAt: time('created_at').notNull().defaultNow(),
    /** When its worker first expected it to be ready, by how fast it was until then; null for what was too quick for that. */
    expectedReadyAt: time('expected_ready_at'),
    /** When it was last asked for, by its request or a retry: from then on its bytes count against quotas. */
    chargedAt: time('charged_at').notNull().defaultNow(),
    /** When the relay admitted it to the queue; null before that, and where a worker was quicker than the relay. */
    queuedAt: time('queued_at'),
    startedAt: time('started_at'),
    /** When a worker last claimed it: progress is since then. */
    stepStartedAt: time('step_started_at'),
    /** Grows in the order in which the relay gave downloads to the queue; null where that is not known. */
    queuePlace: bigint('queue_place', { mode: 'number' }),
    readyAt: time('ready_at'),
    finishedAt: time('finished_at'),
    expiresAt: time('expires_at'),
    /** When the stored objects of an ended download were removed; null while there may be some. */
    objectsRemovedAt: time('objects_removed_at'),
    /** Counts what people are shown of it. A trigger writes this and `changedIn`, and wakes whoever listens. */
    version: integer('version').notNull().default(0),
    /** The transaction of the last such change; null where there was none since this is kept. See `readDownloadChanges`. */
    changedIn: xid8('changed_in'),
    /** How its parts are delivered; null while there are none. */
    delivery: text('delivery').$type<'packed' | 'streamed'>(),
  },
  (t) => [
    // What administrators search by, each in the order in which the matches are shown; see `find-downloads.ts`.
    index('downloads_created_idx').on(t.createdAt, t.id),
    index('downloads_state_created_idx').on(t.state, t.createdAt, t.id),
    index('downloads_requester_created_idx').on(t.requesterId, t.createdAt, t.id),
    index('downloads_error_idx').on(sql`(error ->> 'code')`, t.createdAt, t.id).where(sql`error is not null`),
    index('downloads_failure_idx').on(t.failure, t.createdAt, t.id).where(sql`failure is not null`),
    index('downloads_size_idx').on(t.bytesTotal, t.id),
    index('downloads_unready_idx')
      .on(t.chargedAt, t.id)
      .where(sql`state in ('requested', 'queued', 'gathering', 'packing')`),
    // Holds all that counting failures takes.
    index('downloads_failed_idx').on(t.finishedAt, t.failure, t.requesterId, t.id).where(sql`failure is not null`),
    index('downloads_requester_idx').on(t.requesterId, t.id),
    index('downloads_charged_idx').on(t.requesterId, t.chargedAt),
    index('downloads_open_requester_idx')
      .on(t.requesterId)
      .where(sql`state in ('requested', 'queued', 'gathering', 'packing')`),
    index('downloads_rest_idx').on(t.restOf).where(sql`rest_of is not null`),
    index('downloads_state_idx').on(t.state, t.id),
    index('downloads_open_idx').on(t.leaseUntil).where(sql`state in ('requested', 'queued', 'gathering', 'packing')`),
    index('downloads_ready_idx').on(t.readyAt).where(sql`ready_at is not null`),
    index('downloads_ended_idx')
      .on(t.finishedAt)
      .where(sql`state in ('failed', 'cancelled') and finished_at is not null`),
    index('downloads_waiting_idx').on(t.chargedAt).where(sql`state in ('requested', 'queued')`),
    index('downloads_expiry_idx').on(t.expiresAt).where(sql`state = 'ready'`),
    index('downloads_changed_idx').on(t.changedIn),
    index('downloads_removal_idx')
      .on(t.id)
      .where(sql`state in ('failed', 'cancelled', 'expired', 'revoked') and objects_removed_at is null`),
  ],
);

/**
 * The transactions that changed something by which downloads are decided: assets, renditions, faults, licences, presets,
 * groups, rights, visibility. Triggers insert here; see `nothing_decisive_since`.
 */
export const decisiveChanges = pgTable(
  'decisive_changes',
  {
    transaction: xid8('transaction').primaryKey(),
    at: time('at').notNull().defaultNow(),
  },
  (t) => [index('decisive_changes_at_idx').on(t.at)],
);

/** One row per requested asset with its outcome; `entries` are frozen when gathering ends. */
export const downloadItems = pgTable(
  'download_items',
  {
    downloadId: uuid('download_id')
      .notNull()
      .references(() => downloads.id, { onDelete: 'cascade' }),
    /** Order of the request, from 0. */
    position: integer('position').notNull(),
    assetId: uuid('asset_id').notNull(),
    title: text('title').notNull(),
    outcome: text('outcome').$type<'included' | 'excluded'>().notNull(),
    reason: text('reason').$type<Reason>(),
    renamed: boolean('renamed').notNull().default(false),
    part: integer('part'),
    entries: jsonb('entries').$type<StoredEntry[]>().notNull().default([]),
  },
  (t) => [
    primaryKey({ columns: [t.downloadId, t.position] }),
    index('download_items_asset_idx').on(t.assetId, t.downloadId),
  ],
);

/** A download's name, apart from what changes: an index by trigrams is dear to keep. A trigger inserts here. */
export const downloadNames = pgTable(
  'download_names',
  {
    downloadId: uuid('download_id')
      .primaryKey()
      .references(() => downloads.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
  },
  (t) => [index('download_names_trigram_idx').using('gin', t.name.op('gin_trgm_ops'))],
);

/** The licences that a download's assets were under when it was asked for. */
export const downloadLicences = pgTable(
  'download_licences',
  {
    licenceId: uuid('licence_id')
      .notNull()
      .references(() => licences.id, { onDelete: 'cascade' }),
    downloadId: uuid('download_id')
      .notNull()
      .references(() => downloads.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.licenceId, t.downloadId] }),
    index('download_licences_download_idx').on(t.downloadId),
  ],
);

/** How a claim ended. `lost`: its worker fell silent. `released`: the worker had to let go. */
export type StepOutcome = 'done' | 'failed' | 'cancelled' | 'lost' | 'released';

/** One row per claim: what a worker did with a download, and how that ended. Written by triggers on `downloads`. */
export const downloadSteps = pgTable(
  'download_steps',
  {
    downloadId: uuid('download_id')
      .notNull()
      .references(() => downloads.id, { onDelete: 'cascade' }),
    /** Of the claim. */
    epoch: integer('epoch').notNull(),
    step: text('step').$type<'gather' | 'pack'>().notNull(),
    workerId: text('worker_id').notNull(),
    startedAt: time('started_at').notNull(),
    /** Null while the claim is held. */
    endedAt: time('ended_at'),
    outcome: text('outcome').$type<StepOutcome>(),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    /** Where in the program, with its causes; never shown to requesters. */
    errorStack: text('error_stack'),
  },
  (t) => [primaryKey({ columns: [t.downloadId, t.epoch] })],
);

/** A planned entry as JSON holds it: the time is RFC 3339. */
export type StoredEntry = Omit<PlannedEntry, 'modifiedAt'> & { modifiedAt: string };

/** Who accepted which bytes of which terms, when and from where. */
export const acceptances = pgTable(
  'acceptances',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    licenceId: uuid('licence_id')
      .notNull()
      .references(() => licences.id),
    version: integer('version').notNull().default(1),
    sha256: text('sha256').notNull(),
    /** What it was given for: a download, or an asset whose file was sent as it is. */
    downloadId: uuid('download_id').references(() => downloads.id),
    assetId: uuid('asset_id'),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    acceptedAt: time('accepted_at').notNull().defaultNow(),
  },
  (t) => [
    index('acceptances_user_idx').on(t.userId, t.licenceId),
    index('acceptances_download_idx').on(t.downloadId),
    index('acceptances_licence_idx').on(t.licenceId, t.id),
  ],
);
