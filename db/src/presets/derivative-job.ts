import type { OutboxRow } from '../add-to-outbox.ts';

/** The job that makes a derivative: somebody is waiting for it in front of a screen. */
export function derivativeJob({ id, requestedBy }: { id: string; requestedBy: string | null }): OutboxRow {
  return {
    job: 'derive',
    jobId: `derive-${id}`,
    payload: { derivativeId: id },
    requesterId: requestedBy,
    priority: 1,
  };
}
