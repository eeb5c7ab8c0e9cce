import { type Static, Type } from 'typebox';
import { pageSchema } from './page.ts';
import { idSchema, nullable, timeSchema } from './scalars.ts';
import { downloadEventSchema } from './webhook.ts';

/**
 * One entry of a user's inbox, about a download or, as `webhook.disabled`, a webhook. `body` is the notification's payload;
 * a download's is the same as in the webhook.
 */
export const inboxItemSchema = Type.Object({
  id: idSchema,
  event: Type.Enum([...downloadEventSchema.enum, 'webhook.disabled']),
  downloadId: nullable(idSchema),
  webhookId: nullable(idSchema),
  title: Type.String(),
  body: Type.Record(Type.String(), Type.Unknown()),
  createdAt: timeSchema,
  readAt: nullable(timeSchema),
});
export type InboxItemJson = Static<typeof inboxItemSchema>;

export const inboxPageSchema = Type.Object({
  ...pageSchema(inboxItemSchema).properties,
  unread: Type.Integer({ minimum: 0, description: 'How many of all entries are unread, on whatever page.' }),
});
export type InboxPageJson = Static<typeof inboxPageSchema>;

/** The body of `POST /me/inbox/read`. */
export const inboxReadSchema = Type.Object(
  {
    upTo: Type.String({
      format: 'uuid',
      description: 'The newest entry that was seen: what came after it stays unread.',
    }),
  },
  { additionalProperties: false },
);
