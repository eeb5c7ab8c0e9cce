import { type Static, Type } from 'typebox';
import { pageSchema } from './page.ts';
import { idSchema, nullable, timeSchema } from './scalars.ts';

export const downloadEventSchema = Type.Enum([
  'download.ready',
  'download.failed',
  'download.expired',
  'download.cancelled',
]);

const urlSchema = Type.String({ minLength: 1, maxLength: 2_000, description: 'http or https, without credentials.' });
const eventsSchema = Type.Array(downloadEventSchema, { minItems: 1, maxItems: 4 });

/** A webhook of the caller's, without its signing secret. */
export const webhookSchema = Type.Object({
  id: idSchema,
  url: Type.String(),
  events: Type.Array(downloadEventSchema),
  enabled: Type.Boolean(),
  disabledAt: nullable(timeSchema),
  disabledReason: nullable(
    Type.Enum(['gone', 'failing'], {
      description:
        'Why the service switched it off: its receiver answered 410, or took nothing for days. Null where the owner did that. ' +
        '`enabled: true` switches it on again.',
    }),
  ),
  previousSecretUntil: nullable(timeSchema),
  createdAt: timeSchema,
});
export type WebhookJson = Static<typeof webhookSchema>;

export const webhookPageSchema = pageSchema(webhookSchema);
export type WebhookPageJson = Static<typeof webhookPageSchema>;

export const webhookFieldsSchema = Type.Object(
  { url: urlSchema, events: Type.Optional(eventsSchema), enabled: Type.Optional(Type.Boolean()) },
  { additionalProperties: false, description: 'Without `events`: all of them.' },
);
export type WebhookFields = Static<typeof webhookFieldsSchema>;

export const webhookChangesSchema = Type.Object(
  { url: Type.Optional(urlSchema), events: Type.Optional(eventsSchema), enabled: Type.Optional(Type.Boolean()) },
  { additionalProperties: false, minProperties: 1 },
);
export type WebhookChanges = Static<typeof webhookChangesSchema>;

/** A webhook with a secret just made: `secret` (Standard Webhooks, `whsec_…`) is shown this once. */
export const newWebhookSchema = Type.Object({ ...webhookSchema.properties, secret: Type.String() });
export type NewWebhookJson = Static<typeof newWebhookSchema>;

/** One event for one webhook. `id` is what receivers see as `webhook-id`; it survives retries and replays. */
export const deliverySchema = Type.Object({
  id: idSchema,
  event: downloadEventSchema,
  downloadId: idSchema,
  state: Type.Enum(['pending', 'delivered', 'failed']),
  attempts: Type.Array(
    Type.Object({
      number: Type.Integer(),
      ok: Type.Boolean(),
      status: nullable(Type.Integer()),
      error: nullable(Type.String()),
      durationMs: Type.Integer(),
      at: timeSchema,
    }),
  ),
  createdAt: timeSchema,
  deliveredAt: nullable(timeSchema),
  nextAttemptAt: nullable(timeSchema),
});
export type DeliveryJson = Static<typeof deliverySchema>;

export const deliveryPageSchema = pageSchema(deliverySchema);
export type DeliveryPageJson = Static<typeof deliveryPageSchema>;
