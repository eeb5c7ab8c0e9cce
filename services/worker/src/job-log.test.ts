import type { ObservedJob } from '@sheaf/queue/observe-job';
import { expect, test } from 'vitest';
import { createJobLog } from './job-log.ts';

const job = (name: ObservedJob['name'], payload: object): ObservedJob => ({
  name,
  jobId: `${name}-1`,
  payload,
  startedAt: new Date('2026-01-02T03:04:05.000Z'),
});

test('what runs is what started and has not ended, without the sweep', () => {
  const log = createJobLog();
  const pack = job('pack', { downloadId: 'd' });
  const render = job('render', { assetId: 'a' });
  for (const started of [pack, render, job('sweep', {})]) log.started(started);
  log.ended(render, { failed: false, waitedMs: 1, ranMs: 1 });
  expect(log.running()).toEqual([
    { queue: 'pack', jobId: 'pack-1', downloadId: 'd', startedAt: '2026-01-02T03:04:05.000Z' },
  ]);
});
