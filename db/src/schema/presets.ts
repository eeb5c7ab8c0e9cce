import type { ImageParameters } from '@sheaf/domain/image-parameters';
import type { PresetKind, RenditionDefinition } from '@sheaf/domain/image-preset';
import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { users } from './auth.ts';
import { blobs } from './catalogue.ts';
import { id, time } from './columns.ts';

/** Image presets (`dynamic`, one definition each) and smart-crop profiles (one definition for each size). */
export const presets = pgTable(
  'presets',
  {
    id: id(),
    kind: text('kind').$type<PresetKind>().notNull(),
    /** Of the preset or profile: lower-case letters, digits and hyphens. */
    name: text('name').notNull(),
    title: text('title').notNull(),
    definitions: jsonb('definitions').$type<StoredDefinition[]>().notNull(),
    approved: boolean('approved').notNull().default(false),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: time('created_at').notNull().defaultNow(),
    updatedAt: time('updated_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('presets_name_key').on(t.kind, t.name)],
);

/** The key of the parameters is computed when it is read: it changes with the renderer too. */
export type StoredDefinition = Pick<RenditionDefinition, 'name' | 'title' | 'parameters'>;

/** What was made on demand, or is to be: once for each original and set of parameters, whoever asks for it. */
export const derivatives = pgTable(
  'derivatives',
  {
    id: id(),
    originalSha256: text('original_sha256')
      .notNull()
      .references(() => blobs.sha256),
    /** Of the original. */
    mediaType: text('media_type').notNull(),
    parametersKey: text('parameters_key').notNull(),
    parameters: jsonb('parameters').$type<ImageParameters>().notNull(),
    state: text('state').$type<'pending' | 'ready' | 'failed'>().notNull().default('pending'),
    blobSha256: text('blob_sha256').references(() => blobs.sha256),
    width: integer('width'),
    height: integer('height'),
    /** Why rendering failed, for people. */
    error: text('error'),
    /** Who waits for it while it is pending; null for work of the house. */
    requestedBy: uuid('requested_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: time('created_at').notNull().defaultNow(),
    /** Until when somebody renders it: nobody else does before. Null while nobody does. */
    claimedUntil: time('claimed_until'),
    /** When it became ready or failed. */
    renderedAt: time('rendered_at'),
  },
  (t) => [
    uniqueIndex('derivatives_key').on(t.originalSha256, t.parametersKey),
    index('derivatives_pending_idx').on(t.id).where(sql`state = 'pending'`),
    index('derivatives_requester_idx').on(t.requestedBy).where(sql`state = 'pending'`),
    index('derivatives_blob_idx').on(t.blobSha256),
  ],
);
