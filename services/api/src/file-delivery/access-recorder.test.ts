import type { RecordedAccess } from '@sheaf/db/downloads/record-access';
import { expect, test } from 'vitest';
import { createAccessRecorder, queueLimit } from './access-recorder.ts';

function setup(write: (ids: string[]) => void | Promise<void>, { lingerMs = 0 } = {}) {
  const written: string[] = [];
  const lost: string[] = [];
  const dropped: number[] = [];
  let pauses = 0;
  const recorder = createAccessRecorder(
    async (batch) => {
      const ids = batch.map(({ access }) => access.id);
      await write(ids);
      written.push(...ids);
    },
    {
      onDropped: (count) => dropped.push(count),
      lingerMs,
      pause: async () => {
        pauses += 1;
      },
    },
  );
  return {
    ...{ recorder, written, lost, dropped },
    pauses: () => pauses,
    record: (id: string) =>
      recorder.record({ access: { id, status: 200 }, event: null } satisfies RecordedAccess, () => lost.push(id)),
  };
}

test('a batch that fails once is written the second time, after a pause', async () => {
  let failures = 1;
  const { recorder, record, written, lost, pauses } = setup(() => {
    if (failures-- > 0) throw new Error('for a moment');
  });
  record('a');
  record('b');
  await recorder.settled();
  expect([written, lost, pauses()]).toEqual([['a', 'b'], [], 1]);
});

test('what comes in shortly after the first is written with it', async () => {
  const batches: string[][] = [];
  const { recorder, record } = setup((ids) => void batches.push(ids), { lingerMs: 5 });
  record('a');
  await Promise.resolve();
  record('b');
  await recorder.settled();
  expect(batches).toEqual([['a', 'b']]);
});

test('a row that cannot be written costs only itself', async () => {
  const { recorder, record, written, lost } = setup((ids) => {
    if (ids.includes('bad')) throw new Error('no such row');
  });
  for (const id of ['first', 'a', 'bad', 'b']) record(id);
  await recorder.settled();
  expect([written, lost]).toEqual([['first', 'a', 'b'], ['bad']]);
});

test('where the database cannot be reached, no row waits for another attempt to connect', async () => {
  let attempts = 0;
  const { recorder, record, lost } = setup(() => {
    attempts += 1;
    throw Object.assign(new Error('refused'), { cause: { code: 'ECONNREFUSED' } });
  });
  record('alone');
  for (let n = 0; n < 10; n++) record(String(n));
  await recorder.settled();
  expect(lost).toHaveLength(11);
  expect(attempts).toBe(6);
});

test('what comes in while too many are waiting is dropped, and it is told how many', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { recorder, record, written, dropped } = setup(() => released);
  record('in hand');
  for (let n = 0; n < queueLimit + 7; n++) record(String(n));
  release();
  await recorder.settled();
  expect(written).toHaveLength(queueLimit + 1);
  expect(dropped).toEqual([7]);
});
