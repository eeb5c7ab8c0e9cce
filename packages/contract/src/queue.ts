import { queueNames } from '@sheaf/domain/queue-name';
import { type Static, Type } from 'typebox';
import { nullable, personSchema, timeSchema } from './scalars.ts';

const countSchema = Type.Integer({ minimum: 0 });
const secondsSchema = Type.Number({ minimum: 0 });

export const queueSchema = Type.Object({
  name: Type.Enum([...queueNames]),
  depth: Type.Object({
    waiting: countSchema,
    running: countSchema,
    scheduled: Type.Integer({ minimum: 0, description: 'Waits for its time: a retry, a later attempt.' }),
  }),
  oldestSeconds: nullable(secondsSchema),
  lastHour: Type.Object({
    jobs: countSchema,
    failed: Type.Integer({ minimum: 0, description: 'Runs that failed; most of them ran again.' }),
    perMinute: Type.Number({ minimum: 0 }),
    waitP50Seconds: nullable(secondsSchema),
    waitP95Seconds: nullable(secondsSchema),
    runP50Seconds: nullable(secondsSchema),
    runP95Seconds: nullable(secondsSchema),
  }),
  paused: nullable(Type.Object({ since: timeSchema, by: nullable(personSchema), reason: Type.String() })),
  concurrency: nullable(
    Type.Integer({ minimum: 1, description: 'Jobs that each worker runs at once; null: as its settings say.' }),
  ),
});
export type QueueJson = Static<typeof queueSchema>;

export const queuesSchema = Type.Object({ queues: Type.Array(queueSchema) });
export type QueuesJson = Static<typeof queuesSchema>;

export const queueParamsSchema = Type.Object({ name: Type.Enum([...queueNames]) });

/** Why something is done that others will wonder about. */
export const reasonSchema = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' });

export const queueActionSchema = Type.Object({ reason: reasonSchema }, { additionalProperties: false });
export type QueueAction = Static<typeof queueActionSchema>;

export const queueChangeSchema = Type.Object(
  { concurrency: nullable(Type.Integer({ minimum: 1, maximum: 64 })), reason: reasonSchema },
  { additionalProperties: false },
);
export type QueueChange = Static<typeof queueChangeSchema>;
