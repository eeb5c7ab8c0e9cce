import type { Quota } from '@sheaf/domain/quota';
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.ts';
import { id, time } from './columns.ts';

/** Columns of a quota. All null: none of its own. */
export const quotaColumns = () => ({
  quotaBytes: bigint('quota_bytes', { mode: 'number' }),
  quotaPeriodHours: integer('quota_period_hours'),
  quotaConcurrentDownloads: integer('quota_concurrent_downloads'),
  quotaAssetsPerDownload: integer('quota_assets_per_download'),
});

/** Users who are treated alike: by rules, entitlements, and a quota that they share. */
export const groups = pgTable(
  'groups',
  {
    id: id(),
    name: text('name').notNull(),
    /** The value of the identity provider's groups claim that makes a member; null: members are added by hand only. */
    claim: text('claim'),
    dynamicRenditions: boolean('dynamic_renditions').notNull().default(false),
    ...quotaColumns(),
    createdAt: time('created_at').notNull().defaultNow(),
    updatedAt: time('updated_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('groups_name_key').on(sql`lower(${t.name})`),
    uniqueIndex('groups_claim_key').on(t.claim).where(sql`claim is not null`),
  ],
);

/** Why somebody is a member: added by an administrator, or said by the identity provider at the last sign-in. */
export const groupMembers = pgTable(
  'group_members',
  {
    groupId: uuid('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    source: text('source').$type<'manual' | 'claim'>().notNull(),
    createdAt: time('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.groupId, t.userId, t.source] }), index('group_members_user_idx').on(t.userId)],
);

/** Quotas of single users, which stand in place of the configuration's for everyone. */
export const userQuotas = pgTable('user_quotas', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  ...quotaColumns(),
});

export type QuotaRow = { [K in keyof Quota as `quota${Capitalize<K>}`]: Quota[K] | null };
