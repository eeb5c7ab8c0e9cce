import type { DownloadRequest } from '@sheaf/domain/download-request';
import type { DownloadState } from '@sheaf/domain/download-state';
import type { PlannedEntry, Reason } from '@sheaf/domain/outcome';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { users } from './auth.ts';
import { licences } from './catalogue.ts';
import { bytes, id, time, xid8 } from './columns.ts';

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

/**
 * What archives have in common whose content is the same: its files in the archive's order, in pages, each with the
 * place where it begins. Everything in them is pinned: a trigger keeps their files' rows in `blobs` from being deleted.
 */
export const bundles = pgTable(
  'bundles',
  {
    id: id(),
    /** Of layout and content, in hexadecimal: downloads of the same files share one bundle. */
    fingerprint: text('fingerprint').notNull(),
    /** Bytes from the first header to the end of the last file. */
    contentSize: bigint('content_size', { mode: 'number' }).notNull(),
    entries: integer('entries').notNull(),
    createdAt: time('created_at').notNull().defaultNow(),
    /** When a worker last laid out an archive of it. */
    usedAt: time('used_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('bundles_fingerprint_key').on(t.fingerprint), index('bundles_used_idx').on(t.usedAt)],
);

export const bundlePages = pgTable(
  'bundle_pages',
  {
    bundleId: uuid('bundle_id')
      .notNull()
      .references(() => bundles.id, { onDelete: 'cascade' }),
    /** From 0. */
    number: integer('number').notNull(),
    /** Where the header of its first file begins, in bytes. */
    offset: bigint('offset', { mode: 'number' }).notNull(),
    files: jsonb('files').$type<BundleFile[]>().notNull(),
    /**
     * The first 52 bits of each SHA-256, to find what is pinned; two that are alike pin each other. Whole ones as text made
     * writing a bundle of 25,000 files take three times as long.
     */
    blobKeys: bigint('blob_keys', { mode: 'number' }).array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.bundleId, t.number] }), index('bundle_pages_blobs_idx').using('gin', t.blobKeys)],
);

/** Path, SHA-256, bytes, CRC-32, and seconds since 1970: a tuple, since there are tens of thousands of them. */
export type BundleFile = [path: string, sha256: string, size: number, crc32: number, modifiedAt: number];

/** A published archive of a download. Nothing is inserted here before the download is ready. */
export const bundleParts = pgTable(
  'bundle_parts',
  {
    downloadId: uuid('download_id')
      .notNull()
      .references(() => downloads.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    /** `packed`: one stored object. `streamed`: the content of `bundleId`, followed by the stored object. */
    delivery: text('delivery').$type<'packed' | 'streamed'>().notNull().default('packed'),
    /** Null for what is packed, and once the archive can no longer be had. */
    bundleId: uuid('bundle_id').references(() => bundles.id),
    objectKey: text('object_key').notNull(),
    fileName: text('file_name').notNull(),
    mediaType: text('media_type').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    /** Strong, with its quotation marks. */
    etag: text('etag').notNull(),
    /** Of the archive, in hexadecimal; null where nobody has read it from end to end. */
    sha256: text('sha256'),
    entries: integer('entries').notNull(),
    createdAt: time('created_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.downloadId, t.number] }),
    index('bundle_parts_bundle_idx').on(t.bundleId).where(sql`bundle_id is not null`),
  ],
);

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

/**
 * A capability to fetch one download's archive. The token has 256 random bits: its SHA-256 finds the row, and
 * `sealedToken` (encrypted with the instance's key) lets a retried email carry the same link.
 */
export const links = pgTable(
  'links',
  {
    id: id(),
    downloadId: uuid('download_id')
      .notNull()
      .references(() => downloads.id, { onDelete: 'cascade' }),
    tokenHash: bytes('token_hash').notNull(),
    /** Null for links that were shown once. */
    sealedToken: bytes('sealed_token'),
    createdBy: uuid('created_by')
      .notNull()
      .references(() => users.id),
    createdAt: time('created_at').notNull().defaultNow(),
    expiresAt: time('expires_at').notNull(),
    revokedAt: time('revoked_at'),
  },
  (t) => [uniqueIndex('links_token_key').on(t.tokenHash), index('links_download_idx').on(t.downloadId, t.id)],
);

/** One row per answered GET of a link or of a file. */
export const accesses = pgTable(
  'accesses',
  {
    id: id(),
    linkId: uuid('link_id').references(() => links.id, { onDelete: 'set null' }),
    downloadId: uuid('download_id').references(() => downloads.id, { onDelete: 'set null' }),
    part: integer('part'),
    assetId: uuid('asset_id'),
    renditionId: uuid('rendition_id'),
    userId: uuid('user_id'),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    status: integer('status').notNull(),
    rangeStart: bigint('range_start', { mode: 'number' }),
    bytesSent: bigint('bytes_sent', { mode: 'number' }).notNull().default(0),
    /** A file that was sent as it is, other than a thumbnail: its bytes count against quotas. */
    charged: boolean('charged').notNull().default(false),
    at: time('at').notNull().defaultNow(),
  },
  (t) => [
    index('accesses_charged_idx').on(t.userId, t.at).where(sql`charged`),
    index('accesses_download_idx').on(t.downloadId, t.id),
    index('accesses_user_idx').on(t.userId, t.at),
  ],
);

/** What a repeated `Idempotency-Key` is answered with. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    /** SHA-256 over route and body. */
    requestHash: text('request_hash').notNull(),
    /** Null while the first request is still being answered. */
    status: integer('status'),
    response: jsonb('response').$type<{ headers: Record<string, string>; body: unknown }>(),
    createdAt: time('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.key] }), index('idempotency_keys_age_idx').on(t.createdAt)],
);
