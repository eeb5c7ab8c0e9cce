import { timeRanges } from '@sheaf/domain/time-range';
import { type Static, Type } from 'typebox';
import { idSchema, nullable, sizeSchema, timeSchema } from './scalars.ts';

const countSchema = Type.Integer({ minimum: 0 });
const secondsSchema = Type.Number({ minimum: 0 });

export const overviewQuerySchema = Type.Object(
  { range: Type.Optional(Type.Enum([...timeRanges], { default: '24h', description: 'Of the series.' })) },
  { additionalProperties: false },
);

const takerSchema = Type.Object({
  id: idSchema,
  name: Type.String(),
  downloads: countSchema,
  bytes: sizeSchema,
});

/** One step of the series. What was sampled is null where nobody sampled it. */
export const seriesPointSchema = Type.Object({
  at: timeSchema,
  requested: countSchema,
  ready: countSchema,
  failed: countSchema,
  cancelled: countSchema,
  bytes: sizeSchema,
  readyP50Seconds: nullable(secondsSchema),
  readyP95Seconds: nullable(secondsSchema),
  etaErrorP50Seconds: nullable(secondsSchema),
  waiting: nullable(countSchema),
  storageBytes: nullable(sizeSchema),
});
export type SeriesPointJson = Static<typeof seriesPointSchema>;

export const overviewSchema = Type.Object({
  at: timeSchema,
  /** Downloads that no worker has taken up yet. */
  waiting: Type.Object({
    downloads: countSchema,
    oldest: nullable(Type.Object({ id: idSchema, name: Type.String(), since: timeSchema, seconds: secondsSchema })),
  }),
  running: Type.Object({ downloads: countSchema }),
  lastHour: Type.Object({
    requested: countSchema,
    ready: countSchema,
    failed: countSchema,
    cancelled: countSchema,
    bytes: sizeSchema,
    readyP50Seconds: nullable(secondsSchema),
    readyP95Seconds: nullable(secondsSchema),
    failures: Type.Array(Type.Object({ code: Type.String(), count: countSchema }), {
      description: 'Of downloads that failed and were not retried, by code.',
    }),
  }),
  etaAccuracy: Type.Object(
    {
      predictions: countSchema,
      errorP50Seconds: nullable(secondsSchema),
      errorP95Seconds: nullable(secondsSchema),
    },
    { description: 'Of the last day: how far the first time that was promised was from the true one.' },
  ),
  workers: Type.Object({ alive: countSchema, stale: countSchema }),
  pausedQueues: Type.Array(Type.String()),
  storage: nullable(
    Type.Object({
      measuredAt: timeSchema,
      usedBytes: sizeSchema,
      freeBytes: nullable(sizeSchema),
      growthBytesPerDay: nullable(Type.Number()),
      daysUntilFull: nullable(Type.Number({ minimum: 0 })),
    }),
  ),
  care: Type.Object(
    { faultyFiles: countSchema, lastVerifiedAt: nullable(timeSchema), verifiedBytes: sizeSchema },
    { description: 'Of the stored files: how many are missing or damaged, and what was read again to find out.' },
  ),
  takers: Type.Object(
    { since: timeSchema, requesters: Type.Array(takerSchema), groups: Type.Array(takerSchema) },
    { description: 'Who took most capacity in the last day, by bytes.' },
  ),
  catalogue: Type.Object(
    { assets: Type.Boolean(), downloads: Type.Boolean() },
    { description: 'Whether there are any: what an empty installation lacks.' },
  ),
  series: Type.Object({
    range: Type.Enum([...timeRanges]),
    stepSeconds: Type.Integer({ minimum: 1 }),
    points: Type.Array(seriesPointSchema),
  }),
});
export type OverviewJson = Static<typeof overviewSchema>;
