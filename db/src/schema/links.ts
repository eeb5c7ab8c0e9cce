import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.ts';
import { bytes, id, time } from './columns.ts';
import { downloads } from './downloads.ts';

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
