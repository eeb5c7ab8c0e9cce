import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.ts';
import { bytes, id, time } from './columns.ts';
import { downloads } from './downloads.ts';

export const downloadEvents = ['download.ready', 'download.failed', 'download.expired', 'download.cancelled'] as const;
export type DownloadEvent = (typeof downloadEvents)[number];
/** What people are told of: what became of a download, or that a webhook of theirs was switched off. */
export type NotificationEvent = DownloadEvent | 'webhook.disabled';
/** Why a webhook was switched off by itself: its receiver said that it is gone for good, or took nothing for days. */
export type WebhookEnd = 'gone' | 'failing';
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
    /** The secret before this one, which signs as well until its time is over. */
    previousSealedSecret: bytes('previous_sealed_secret'),
    previousSecretUntil: time('previous_secret_until'),
    enabled: boolean('enabled').notNull().default(true),
    /** Set where it was switched off by itself. */
    disabledAt: time('disabled_at'),
    disabledReason: text('disabled_reason').$type<WebhookEnd>(),
    /** Since when every attempt has failed, and when the last one did. */
    failingSince: time('failing_since'),
    lastFailedAt: time('last_failed_at'),
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
    /** Null where it tells of no download. */
    downloadId: uuid('download_id').references(() => downloads.id, { onDelete: 'cascade' }),
    event: text('event').$type<NotificationEvent>().notNull(),
    /** Epoch of the download at the event: a retried download may become ready a second time. */
    epoch: integer('epoch').notNull(),
    channel: text('channel').$type<Channel>().notNull(),
    /** Email address, webhook id or user id. */
    recipient: text('recipient').notNull(),
    /** The webhook that is called, or that the notification tells of. */
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
    check('notifications_subject', sql`(event = 'webhook.disabled') = (download_id is null)`),
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
    event: text('event').$type<NotificationEvent>().notNull(),
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
