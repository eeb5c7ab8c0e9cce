import { type Static, Type } from 'typebox';
import { adminDownloadSchema } from './admin-download.ts';
import { downloadSchema } from './download.ts';
import { pageSchema } from './page.ts';
import { idSchema, nullable, personSchema, sizeSchema, timeSchema } from './scalars.ts';
import { downloadEventSchema } from './webhook.ts';

const attemptSchema = Type.Object({
  number: Type.Integer(),
  ok: Type.Boolean(),
  status: nullable(Type.Integer()),
  error: nullable(Type.String()),
  durationMs: Type.Integer(),
  at: timeSchema,
});

export const adminNotificationSchema = Type.Object({
  id: idSchema,
  event: downloadEventSchema,
  channel: Type.Enum(['email', 'webhook', 'inbox']),
  recipient: Type.String({ description: "An email address, a webhook's address, or a user's id." }),
  state: Type.Enum(['pending', 'delivered', 'failed']),
  kept: Type.Boolean({ description: 'An email that went nowhere, since no mail server was set: it is kept.' }),
  lastError: nullable(Type.String()),
  createdAt: timeSchema,
  deliveredAt: nullable(timeSchema),
  nextAttemptAt: nullable(timeSchema),
  attempts: Type.Array(attemptSchema),
});
export type AdminNotificationJson = Static<typeof adminNotificationSchema>;

/** What one claim of a worker came to. */
export const downloadStepSchema = Type.Object({
  epoch: Type.Integer(),
  step: Type.Enum(['gather', 'pack']),
  workerId: Type.String(),
  startedAt: timeSchema,
  endedAt: nullable(timeSchema),
  outcome: nullable(
    Type.Enum(['done', 'failed', 'cancelled', 'lost', 'released'], {
      description: '`lost`: its worker fell silent. `released`: the worker had to let go. Null while it is held.',
    }),
  ),
  error: nullable(
    Type.Object({ code: nullable(Type.String()), message: nullable(Type.String()), stack: nullable(Type.String()) }),
  ),
});

export const timelineEventSchema = Type.Object({
  event: Type.Enum([
    'requested',
    'retried',
    'queued',
    'gathered',
    'packed',
    'published',
    'notified',
    'accessed',
    'ended',
    'expires',
  ]),
  at: timeSchema,
  ms: nullable(Type.Integer({ description: 'Since the event before it.' })),
});

export const adminDownloadDetailSchema = Type.Object({
  download: adminDownloadSchema,
  options: Type.Record(Type.String(), Type.Unknown(), { description: 'What was asked for, without the assets.' }),
  origin: Type.Object({
    requestId: nullable(Type.String()),
    ipAddress: nullable(Type.String()),
    userAgent: nullable(Type.String()),
  }),
  restOf: nullable(idSchema),
  restId: nullable(idSchema),
  worker: nullable(Type.Object({ id: Type.String(), leaseUntil: nullable(timeSchema) })),
  crashes: Type.Integer(),
  timeline: Type.Array(timelineEventSchema),
  steps: Type.Array(downloadStepSchema),
  parts: Type.Array(
    Type.Object({
      number: Type.Integer(),
      delivery: Type.Enum(['streamed', 'packed']),
      fileName: Type.String(),
      size: sizeSchema,
      etag: Type.String(),
      sha256: nullable(Type.String()),
      entries: Type.Integer(),
      bundleId: nullable(idSchema),
      sharedWith: Type.Integer({ description: 'Other downloads that are made of the same bundle.' }),
    }),
  ),
  licences: Type.Array(Type.Object({ id: idSchema, title: Type.String() })),
  acceptances: Type.Array(
    Type.Object({
      id: idSchema,
      licence: Type.Object({ id: idSchema, title: Type.String() }),
      version: Type.Integer(),
      sha256: Type.String(),
      ipAddress: nullable(Type.String()),
      acceptedAt: timeSchema,
    }),
  ),
  links: Type.Array(
    Type.Object({
      id: idSchema,
      createdBy: personSchema,
      isDefault: Type.Boolean({ description: 'Made when it became ready, and sent by email.' }),
      createdAt: timeSchema,
      expiresAt: timeSchema,
      revokedAt: nullable(timeSchema),
      uses: Type.Integer(),
      lastUsedAt: nullable(timeSchema),
    }),
  ),
  access: Type.Object({
    count: Type.Integer(),
    bytes: sizeSchema,
    firstAt: nullable(timeSchema),
    lastAt: nullable(timeSchema),
  }),
  notifications: Type.Array(adminNotificationSchema),
});
export type AdminDownloadDetailJson = Static<typeof adminDownloadDetailSchema>;

export const accessPageSchema = pageSchema(
  Type.Object({
    id: idSchema,
    linkId: nullable(idSchema),
    part: nullable(Type.Integer()),
    userId: nullable(idSchema),
    ipAddress: nullable(Type.String()),
    userAgent: nullable(Type.String()),
    status: Type.Integer(),
    rangeStart: nullable(Type.Integer()),
    bytesSent: sizeSchema,
    at: timeSchema,
  }),
);
export type AccessPageJson = Static<typeof accessPageSchema>;

/** What a download's requester is shown, but for the links themselves: those are the requester's alone. */
export const requesterViewSchema = Type.Object({
  requester: Type.Object({ id: idSchema, name: Type.String(), email: Type.String() }),
  download: downloadSchema,
  linksShown: Type.Integer({ description: 'How many addresses the requester sees where here is none.' }),
});
export type RequesterViewJson = Static<typeof requesterViewSchema>;
