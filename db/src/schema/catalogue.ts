import type { AssetStatus } from '@sheaf/domain/asset';
import type { BlobFault, RenditionKind, RenditionState } from '@sheaf/domain/rendition';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
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
import { id, time } from './columns.ts';

/** Immutable stored bytes. A row is written after the bytes are safely stored, never before. */
export const blobs = pgTable(
  'blobs',
  {
    sha256: text('sha256').primaryKey(),
    size: bigint('size', { mode: 'number' }).notNull(),
    crc32: bigint('crc32', { mode: 'number' }).notNull(),
    fault: text('fault').$type<BlobFault>(),
    /** When it was last looked whether the fault still holds. */
    faultCheckedAt: time('fault_checked_at'),
    /** When all of its bytes were last read and found to be those of its name; null while they only were when it was stored. */
    verifiedAt: time('verified_at'),
    /** Since when it is known that nothing uses it; null while something does, or nobody has looked. */
    unusedSince: time('unused_since'),
    createdAt: time('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('blobs_fault_idx').on(t.faultCheckedAt).where(sql`fault is not null`),
    index('blobs_verified_idx').on(sql`coalesce(verified_at, created_at)`, t.sha256).where(sql`fault is null`),
    index('blobs_unused_idx').on(t.unusedSince).where(sql`unused_since is not null`),
  ],
);

export const licences = pgTable('licences', {
  id: id(),
  title: text('title').notNull(),
  approved: boolean('approved').notNull().default(false),
  /** The PDF of the terms in force. */
  documentSha256: text('document_sha256').references(() => blobs.sha256),
  /** Number of the version in force; 0 without a document. */
  version: integer('version').notNull().default(0),
  expiresAt: time('expires_at'),
  createdAt: time('created_at').notNull().defaultNow(),
  updatedAt: time('updated_at').notNull().defaultNow(),
});

/** Every document that a licence ever had. */
export const licenceVersions = pgTable(
  'licence_versions',
  {
    licenceId: uuid('licence_id')
      .notNull()
      .references(() => licences.id, { onDelete: 'cascade' }),
    /** From 1. */
    number: integer('number').notNull(),
    documentSha256: text('document_sha256')
      .notNull()
      .references(() => blobs.sha256),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: time('created_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.licenceId, t.number] }),
    index('licence_versions_document_idx').on(t.documentSha256),
  ],
);

export const assets = pgTable(
  'assets',
  {
    id: id(),
    title: text('title').notNull(),
    folder: text('folder').notNull().default(''),
    fileName: text('file_name').notNull(),
    mediaType: text('media_type').notNull(),
    status: text('status').$type<AssetStatus>().notNull(),
    expiresAt: time('expires_at'),
    licenceId: uuid('licence_id').references(() => licences.id),
    modifiedAt: time('modified_at').notNull(),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: time('created_at').notNull().defaultNow(),
    updatedAt: time('updated_at').notNull().defaultNow(),
    deletedAt: time('deleted_at'),
  },
  (t) => [
    /** One living asset per place in the catalogue: what makes an import repeatable. */
    uniqueIndex('assets_place_key').on(t.folder, t.fileName).where(sql`deleted_at is null`),
    index('assets_licence_idx').on(t.licenceId),
    index('assets_status_idx').on(t.status, t.id).where(sql`deleted_at is null`),
    /** Facets are counted from this index alone. */
    index('assets_facets_idx')
      .on(t.status, t.mediaType, t.folder, t.licenceId, t.expiresAt)
      .where(sql`deleted_at is null`),
    /** Parts of titles and file names; see `asset-conditions.ts`. */
    index('assets_text_idx').using('gin', sql`(title || ' ' || file_name) gin_trgm_ops`).where(sql`deleted_at is null`),
  ],
);

export const renditions = pgTable(
  'renditions',
  {
    id: id(),
    assetId: uuid('asset_id')
      .notNull()
      .references(() => assets.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<RenditionKind>().notNull(),
    name: text('name').notNull(),
    state: text('state').$type<RenditionState>().notNull(),
    mediaType: text('media_type').notNull(),
    fileName: text('file_name').notNull(),
    width: integer('width'),
    height: integer('height'),
    blobSha256: text('blob_sha256').references(() => blobs.sha256),
    /** Of the blob, which never change: a trigger repeats them here, so that thousands of decisions need no join. */
    blobSize: bigint('blob_size', { mode: 'number' }),
    blobCrc32: bigint('blob_crc32', { mode: 'number' }),
    /** Why rendering failed, for people. */
    error: text('error'),
    /** It failed because the original's bytes could not be had: it is made once they can be had again. */
    originalUnreadable: boolean('original_unreadable').notNull().default(false),
    createdAt: time('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('renditions_name_key').on(t.assetId, t.kind, t.name),
    index('renditions_pending_idx').on(t.assetId).where(sql`state = 'pending'`),
    index('renditions_blob_idx').on(t.blobSha256),
    index('renditions_failed_idx').on(t.kind, t.name).where(sql`state = 'failed'`),
    index('renditions_unreadable_idx').on(t.assetId).where(sql`original_unreadable`),
  ],
);

/** Every version of the visibility configuration; the highest version is in force. */
export const visibilityVersions = pgTable('visibility_versions', {
  version: integer('version').primaryKey().generatedAlwaysAsIdentity(),
  configuration: jsonb('configuration').$type<VisibilityConfiguration>().notNull(),
  /** The version that it brought back; null for a change of its own. */
  rolledBackTo: integer('rolled_back_to'),
  changedBy: uuid('changed_by').references(() => users.id, { onDelete: 'set null' }),
  changedAt: time('changed_at').notNull().defaultNow(),
});
