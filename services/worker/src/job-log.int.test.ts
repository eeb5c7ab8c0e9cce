import { createDatabase } from '@sheaf/db/database';
import { readMeasures } from '@sheaf/db/rollups/read-measures';
import { bucketOf } from '@sheaf/domain/histogram';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../test/harness/postgres.ts';
import { createJobLog } from './job-log.ts';

test('jobs are counted once each, also where writing them down failed at first', async () => {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const db = createDatabase(database.url, { maxConnections: 2 });
  onTestFinished(() => db.close());
  const elsewhere = createDatabase('postgresql://nobody@127.0.0.1:1/none', { maxConnections: 1 });
  const log = createJobLog();
  const now = new Date();
  const end = (failed: boolean, waitedMs: number | null) => {
    const job = { name: 'pack' as const, jobId: '1', payload: {}, startedAt: now };
    log.started(job);
    log.ended(job, { failed, waitedMs, ranMs: 1_000 });
  };
  end(false, 10);
  end(true, null);
  await expect(log.flush(elsewhere.orm, now)).rejects.toThrow();
  end(false, 10);
  await log.flush(db.orm, now);
  await log.flush(db.orm, now);

  const rows = await readMeasures(db.orm, {
    resolution: 'minute',
    measures: ['run:pack', 'failed:pack', 'wait:pack'],
    from: new Date(0),
  });
  expect(rows.map(({ measure, bucket, value }) => [measure, bucket, value]).sort()).toEqual([
    ['failed:pack', 0, 1],
    ['run:pack', bucketOf(1_000), 3],
    ['wait:pack', bucketOf(10), 2],
  ]);
});
