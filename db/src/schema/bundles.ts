import type { BlobFault } from '@sheaf/domain/rendition';
import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, time } from './columns.ts';
import { downloads } from './downloads.ts';

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
    /** What was found to be wrong with its object. From the commit on, its links refuse. */
    fault: text('fault').$type<BlobFault>(),
    faultCheckedAt: time('fault_checked_at'),
    /** When its object is to be read again; null once its download is over. A broken write is found after a day. */
    verifyAt: time('verify_at').default(sql`now() + interval '1 day'`),
  },
  (t) => [
    primaryKey({ columns: [t.downloadId, t.number] }),
    index('bundle_parts_verify_idx').on(t.verifyAt).where(sql`verify_at is not null`),
    index('bundle_parts_fault_idx').on(t.downloadId, t.number).where(sql`fault is not null`),
    index('bundle_parts_bundle_idx').on(t.bundleId).where(sql`bundle_id is not null`),
  ],
);
