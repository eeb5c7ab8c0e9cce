import { AppError } from '@sheaf/domain/app-error';

/**
 * What each job is told: ids only, since a queue may keep them in clear text, and the rest is in the database.
 * `epoch` is the download's when the job was enqueued; it tells one round of work from the next and fences nothing.
 */
export interface JobPayloads {
  render: { assetId: string };
  derive: { derivativeId: string };
  gather: { downloadId: string; epoch: number };
  pack: { downloadId: string; epoch: number };
  notify: { notificationId: string };
  bulk: { bulkActionId: string; epoch: number };
  scrub: Record<string, never>;
  sweep: Record<string, never>;
}

export type JobName = keyof JobPayloads;

/** Jobs that need to be told nothing, and so can be repeated on a schedule. */
export type ScheduledJobName = 'sweep' | 'scrub';

export interface JobDefinition {
  /** Runs in all, the first included, before a job that keeps failing is given up. */
  attempts: number;
  /** Pause before the second attempt; doubles before each further one. */
  backoffMs: number;
  /** Jobs of this name that one worker process runs at a time, unless it is told otherwise. */
  concurrency: number;
  /** After this long, the job's signal aborts and the attempt counts as failed. */
  timeoutMs: number;
}

const second = 1000;
const minute = 60 * second;

export const jobDefinitions: Readonly<Record<JobName, JobDefinition>> = {
  render: { attempts: 5, backoffMs: 2 * second, concurrency: 2, timeoutMs: 5 * minute },
  derive: { attempts: 5, backoffMs: 1 * second, concurrency: 2, timeoutMs: 5 * minute },
  gather: { attempts: 8, backoffMs: 1 * second, concurrency: 4, timeoutMs: 60 * minute },
  pack: { attempts: 5, backoffMs: 2 * second, concurrency: 1, timeoutMs: 12 * 60 * minute },
  notify: { attempts: 3, backoffMs: 5 * second, concurrency: 8, timeoutMs: 2 * minute },
  bulk: { attempts: 5, backoffMs: 2 * second, concurrency: 1, timeoutMs: 12 * 60 * minute },
  scrub: { attempts: 1, backoffMs: 1 * second, concurrency: 1, timeoutMs: 12 * 60 * minute },
  sweep: { attempts: 1, backoffMs: 1 * second, concurrency: 1, timeoutMs: 10 * minute },
};

export const jobNames = Object.keys(jobDefinitions) as JobName[];

type FieldKind = 'uuid' | 'epoch';

const payloadFields: { readonly [N in JobName]: Readonly<Record<keyof JobPayloads[N], FieldKind>> } = {
  render: { assetId: 'uuid' },
  derive: { derivativeId: 'uuid' },
  gather: { downloadId: 'uuid', epoch: 'epoch' },
  pack: { downloadId: 'uuid', epoch: 'epoch' },
  notify: { notificationId: 'uuid' },
  bulk: { bulkActionId: 'uuid', epoch: 'epoch' },
  scrub: {},
  sweep: {},
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const matches: Record<FieldKind, (value: unknown) => boolean> = {
  uuid: (value) => typeof value === 'string' && uuid.test(value),
  epoch: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
};

/** The value as the job's payload, when it holds that job's fields, well formed, and nothing else; throws `input.invalid`. */
export function parseJobPayload<N extends JobName>(name: N, value: unknown): JobPayloads[N] {
  const fields: Readonly<Record<string, FieldKind>> = payloadFields[name];
  const given = Object.entries(typeof value === 'object' && value !== null ? value : { payload: value });
  const wellFormed = given.every(([field, content]) => {
    const kind = Object.hasOwn(fields, field) ? fields[field] : undefined;
    return kind !== undefined && matches[kind](content);
  });
  if (!wellFormed || given.length !== Object.keys(fields).length) {
    throw new AppError('input.invalid', `This is no payload of a ${name} job.`, {
      detail: { job: name, expected: fields, fields: given.map(([field]) => field) },
    });
  }
  return value as JobPayloads[N];
}

/**
 * The same id for the same work, so that adding it twice queues it once: `gather-<downloadId>-<epoch>`, `sweep`.
 * Free of `:` and never digits alone, which BullMQ refuses.
 */
export function deterministicJobId<N extends JobName>(name: N, payload: JobPayloads[N]): string {
  const fields: Readonly<Record<string, unknown>> = payload;
  return [name, ...Object.keys(payloadFields[name]).map((field) => fields[field])].join('-');
}
