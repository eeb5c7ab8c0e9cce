import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.ts';
import { bytes, id, time } from './columns.ts';
import { downloads } from './downloads.ts';

export const downloadEvents = ['download.ready', 'download.failed', 'download.expired', 'download.cancelled'] as const;
export type DownloadEvent = (typeof downloadEvents)[number];
export type Channel = 'email' | 'webhook' | 'inbox';

export const webhooks = pgTable(
  'webhooks',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    url: text('url').notNull(),
    events: text('events').array().$type<DownloadEvent[]>().notNull(),
    /** Signing secret, sealed with the instance's key. */
    sealedSecret: bytes('sealed_secret').notNull(),
    enabled: boolean('enabled').notNull().default(true),
    createdAt: time('created_at').notNull().defaultNow(),
    deletedAt: time('deleted_at'),
  },
  (t) => [index('webhooks_user_idx').on(t.userId, t.id)],
);

/** One row per event, channel and recipient. Its id is the notification's identity and survives every retry. */
export const notifications = pgTable(
  'notifications',
  {
    id: id(),
    downloadId: uuid('download_id')
      .notNull()
      .references(() => downloads.id, { onDelete: 'cascade' }),
    event: text('event').$type<DownloadEvent>().notNull(),
    /** Epoch of the download at the event: a retried download may become ready a second time. */
    epoch: integer('epoch').notNull(),
    channel: text('channel').$type<Channel>().notNull(),
    /** Email address, webhook id or user id. */
    recipient: text('recipient').notNull(),
    webhookId: uuid('webhook_id').references(() => webhooks.id, { onDelete: 'cascade' }),
    state: text('state').$type<'pending' | 'delivered' | 'failed'>().notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
    nextAttemptAt: time('next_attempt_at'),
    createdAt: time('created_at').notNull().defaultNow(),
    deliveredAt: time('delivered_at'),
  },
  (t) => [
    uniqueIndex('notifications_identity_key').on(t.downloadId, t.event, t.epoch, t.channel, t.recipient),
    index('notifications_shared_idx')
      .on(sql`lower(${t.recipient})`, t.id)
      .where(sql`channel = 'email' and event = 'download.ready'`),
    index('notifications_webhook_idx').on(t.webhookId, t.id),
    index('notifications_pending_idx').on(t.nextAttemptAt).where(sql`state = 'pending'`),
  ],
);

/** One row per attempt on the wire. */
export const notificationAttempts = pgTable(
  'notification_attempts',
  {
    id: id(),
    notificationId: uuid('notification_id')
      .notNull()
      .references(() => notifications.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    ok: boolean('ok').notNull(),
    status: integer('status'),
    error: text('error'),
    durationMs: integer('duration_ms').notNull(),
    at: time('at').notNull().defaultNow(),
  },
  (t) => [index('notification_attempts_idx').on(t.notificationId, t.id)],
);

/** Messages kept for the dashboard where no mail server is configured. */
export const keptMails = pgTable('kept_mails', {
  notificationId: uuid('notification_id')
    .primaryKey()
    .references(() => notifications.id, { onDelete: 'cascade' }),
  toAddress: text('to_address').notNull(),
  subject: text('subject').notNull(),
  /** The message holds the link's token, so both of its forms are sealed with the instance's key. */
  sealedText: bytes('sealed_text').notNull(),
  sealedHtml: bytes('sealed_html').notNull(),
  createdAt: time('created_at').notNull().defaultNow(),
});

export const inboxItems = pgTable(
  'inbox_items',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    notificationId: uuid('notification_id')
      .notNull()
      .references(() => notifications.id, { onDelete: 'cascade' }),
    event: text('event').$type<DownloadEvent>().notNull(),
    title: text('title').notNull(),
    body: jsonb('body').$type<Record<string, unknown>>().notNull(),
    createdAt: time('created_at').notNull().defaultNow(),
    readAt: time('read_at'),
  },
  (t) => [
    uniqueIndex('inbox_items_notification_key').on(t.notificationId),
    index('inbox_items_user_idx').on(t.userId, t.id),
    index('inbox_items_unread_idx').on(t.userId).where(sql`read_at is null`),
  ],
);
