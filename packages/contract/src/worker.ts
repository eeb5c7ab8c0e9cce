import { type Static, Type } from 'typebox';
import { idSchema, nullable, sizeSchema, timeSchema } from './scalars.ts';

export const workerJobSchema = Type.Object({
  queue: Type.String(),
  startedAt: timeSchema,
  download: nullable(
    Type.Object({
      id: idSchema,
      name: Type.String(),
      bytesDone: sizeSchema,
      bytesTotal: sizeSchema,
    }),
  ),
});

export const workerSchema = Type.Object({
  id: Type.String(),
  host: Type.String(),
  pid: Type.Integer(),
  version: Type.String(),
  startedAt: timeSchema,
  heartbeatAt: timeSchema,
  heartbeatAgeSeconds: Type.Number({ minimum: 0 }),
  stale: Type.Boolean({ description: 'It was silent for so long that it is not counted on.' }),
  rssBytes: sizeSchema,
  jobs: Type.Array(workerJobSchema, { description: 'As of its last heartbeat.' }),
});
export type WorkerJson = Static<typeof workerSchema>;

export const workersSchema = Type.Object({ at: timeSchema, workers: Type.Array(workerSchema) });
export type WorkersJson = Static<typeof workersSchema>;
