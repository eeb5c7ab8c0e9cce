import { type Static, Type } from 'typebox';
import { downloadSchema } from './download.ts';

/**
 * What the event streams send, by the name of the event. Every stream begins with `retry`, is kept open by comments, and
 * may be resumed with the `Last-Event-ID` header, or with `lastEventId` in the query where a header cannot be set.
 */
export const liveEventSchemas = {
  /** A download as it is now; what was in between may have been left out. Higher `version`s are newer. */
  download: downloadSchema,
  /** Sent after what a list's reader is told first; carries an id to come back with. */
  open: Type.Object({}),
  /** More has changed than can be told one by one: read the list anew. */
  missed: Type.Object({}),
  /** For administrators: something of these has changed, read it anew. At most a few in a second. */
  changed: Type.Object({ topics: Type.Array(Type.Enum(['downloads', 'queues', 'workers'])) }),
  /** The last event. Only after a lost connection, and an end without this, is there something to come back for. */
  end: Type.Object({ reason: Type.Enum(['final', 'signed-out', 'not-allowed']) }),
};
export type ChangedJson = Static<(typeof liveEventSchemas)['changed']>;
export type EndJson = Static<(typeof liveEventSchemas)['end']>;

export const liveQuerySchema = Type.Object(
  {
    lastEventId: Type.Optional(
      Type.String({ maxLength: 40, description: 'As the `Last-Event-ID` header, which counts where both are there.' }),
    ),
  },
  { additionalProperties: false },
);
