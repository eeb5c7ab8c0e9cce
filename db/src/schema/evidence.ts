import { bigint, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, time } from './columns.ts';

/** The instance's Ed25519 keys. The newest one that is not retired signs; all that are not revoked verify. */
export const signingKeys = pgTable('signing_keys', {
  /** SHA-256 of the raw public key, base64url: the JWK's `kid`. */
  kid: text('kid').primaryKey(),
  /** 32 bytes. */
  publicKey: bytes('public_key').notNull(),
  /** PKCS #8, sealed with the instance's secret. */
  sealedPrivateKey: bytes('sealed_private_key').notNull(),
  createdAt: time('created_at').notNull().defaultNow(),
  retiredAt: time('retired_at'),
  /** Since when nothing that it signed counts: it is in somebody else's hands. */
  revokedAt: time('revoked_at'),
});

/**
 * Who did what, append-only: rows are inserted by the function `append_audit_event` alone, and triggers refuse every
 * change. `hash` is the SHA-256 of the previous row's hash, the sequence number and `record`, so that any later change
 * shows. The other columns repeat what `record` says, to search by.
 */
export const auditEvents = pgTable(
  'audit_events',
  {
    /** From 1, without gaps. */
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    at: time('at').notNull(),
    actorId: uuid('actor_id'),
    action: text('action').notNull(),
    downloadId: uuid('download_id'),
    assetId: uuid('asset_id'),
    licenceId: uuid('licence_id'),
    /** The event as JSON text, byte for byte what was hashed. */
    record: text('record').notNull(),
    previousHash: bytes('previous_hash').notNull(),
    hash: bytes('hash').notNull(),
  },
  (t) => [
    index('audit_events_at_idx').on(t.at, t.seq),
    index('audit_events_actor_idx').on(t.actorId, t.seq),
    index('audit_events_action_idx').on(t.action, t.seq),
    index('audit_events_download_idx').on(t.downloadId, t.seq),
    index('audit_events_asset_idx').on(t.assetId, t.seq),
    index('audit_events_licence_idx').on(t.licenceId, t.seq),
  ],
);
