import { bucketOf } from '@sheaf/domain/histogram';
import { type RollupResolution, resolutionSeconds } from '@sheaf/domain/time-range';
import { describe, expect, test } from 'vitest';
import { newId } from '../schema/columns.ts';
import { downloads } from '../schema/downloads.ts';
import { setupRequester } from '../testing/requester-setup.ts';
import { readMeasures } from './read-measures.ts';
import { addToMeasures, recordHighest, recordLast } from './record-measures.ts';
import { rollUp } from './roll-up.ts';
import { countedMeasures } from './roll-up-downloads.ts';

const start = new Date('2026-03-01T10:00:30.000Z');
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000);

interface Told {
  /** Minutes after `start`. */
  requested: number;
  ready?: number;
  expected?: number;
  failed?: number;
  cancelled?: number;
  bytes?: number;
}

async function setup() {
  const { db, actor, ...rest } = await setupRequester();
  const add = async (told: Told) => {
    const ended = told.failed ?? told.cancelled;
    const state =
      told.failed !== undefined
        ? 'failed'
        : told.cancelled !== undefined
          ? 'cancelled'
          : told.ready !== undefined
            ? 'ready'
            : 'queued';
    const row = {
      id: newId(),
      requesterId: actor.id,
      name: 'D',
      state,
      request: {} as never,
      background: false,
      included: 1,
      excluded: 0,
      bytesTotal: told.bytes ?? 1_000,
      createdAt: after(told.requested),
      chargedAt: after(told.requested),
      readyAt: told.ready === undefined ? null : after(told.ready),
      expectedReadyAt: told.expected === undefined ? null : after(told.expected),
      finishedAt: ended === undefined ? null : after(ended),
    } as const;
    await db.orm.insert(downloads).values(row);
    return row;
  };
  const counted = async (resolution: RollupResolution) => {
    const rows = await readMeasures(db.orm, { resolution, measures: countedMeasures, from: new Date(0) });
    return new Map(rows.map(({ measure, at, bucket, value }) => [`${measure} ${at.toISOString()} ${bucket}`, value]));
  };
  return { db, actor, add, counted, ...rest };
}

type Row = Awaited<ReturnType<Awaited<ReturnType<typeof setup>>['add']>>;

/** The same counts, made by looking at each download. */
function naively(rows: readonly Row[], resolution: RollupResolution): Map<string, number> {
  const counts = new Map<string, number>();
  const unitMs = resolutionSeconds[resolution] * 1_000;
  const count = (measure: string, at: Date, value = 1, bucket = 0) => {
    const unit = new Date(Math.floor(at.getTime() / unitMs) * unitMs).toISOString();
    const key = `${measure} ${unit} ${bucket}`;
    counts.set(key, (counts.get(key) ?? 0) + value);
  };
  for (const { createdAt, readyAt, expectedReadyAt, finishedAt, state, bytesTotal } of rows) {
    count('requested', createdAt);
    if (readyAt) {
      count('ready', readyAt);
      count('bytes', readyAt, bytesTotal);
      count('time-to-ready', readyAt, 1, bucketOf(readyAt.getTime() - createdAt.getTime()));
      if (expectedReadyAt)
        count('eta-error', readyAt, 1, bucketOf(Math.abs(readyAt.getTime() - expectedReadyAt.getTime())));
    }
    if (finishedAt && (state === 'failed' || state === 'cancelled')) count(state, finishedAt);
  }
  return counts;
}

const resolutions: RollupResolution[] = ['minute', 'quarter', 'hour', 'six-hours', 'day'];

describe('rollups', () => {
  test('of every resolution are exactly what counting each download gives, and counting again changes nothing', async () => {
    const { db, add, counted } = await setup();
    const rows: Row[] = [];
    for (let i = 0; i < 60; i++) {
      const requested = (i * 37) % 300;
      rows.push(await add({ requested, ready: requested + (i % 9) * 0.37, bytes: 1_000 * i }));
      if (i % 5 === 0) rows.push(await add({ requested, ready: requested + 4, expected: requested + 4 + (i % 3) - 1 }));
      if (i % 7 === 0) rows.push(await add({ requested, failed: requested + 0.2 }));
      if (i % 11 === 0) rows.push(await add({ requested, cancelled: requested + 0.1 }));
      if (i % 13 === 0) rows.push(await add({ requested }));
    }
    for (const _ of [1, 2]) {
      for (const resolution of resolutions) {
        await rollUp(db, resolution, { now: after(320) });
        expect(await counted(resolution)).toEqual(naively(rows, resolution));
      }
    }
  });

  test('go on after a downtime from where they stopped, and see what was committed late', async () => {
    const { db, add, counted } = await setup();
    const rows = [await add({ requested: 0, ready: 1 })];
    for (const resolution of resolutions) await rollUp(db, resolution, { now: after(2) });
    rows.push(await add({ requested: 1.2, failed: 1.9 }));
    for (let minute = 2; minute < 200; minute += 17) rows.push(await add({ requested: minute, ready: minute + 3 }));
    for (const resolution of resolutions) {
      await rollUp(db, resolution, { now: after(230) });
      expect(await counted(resolution)).toEqual(naively(rows, resolution));
    }
  });

  test('are counted by one at a time', async () => {
    const { db, add, counted } = await setup();
    const rows = [await add({ requested: 0, ready: 1 }), await add({ requested: 2, ready: 3 })];
    await Promise.all([1, 2, 3, 4].map(() => rollUp(db, 'minute', { now: after(4) })));
    await rollUp(db, 'minute', { now: after(4) });
    expect(await counted('minute')).toEqual(naively(rows, 'minute'));
  });

  test('of an empty database are none', async () => {
    const { db, counted } = await setup();
    for (const resolution of resolutions) {
      await rollUp(db, resolution, { now: after(0) });
      expect((await counted(resolution)).size).toBe(0);
    }
  });
});

test('what can only be recorded is added, or kept as the highest or the last, in the unit of every resolution', async () => {
  const { db } = await setup();
  const measure = (name: string, value: number) => [{ measure: name, bucket: 0, value }];
  for (const value of [3, 5, 2]) {
    await addToMeasures(db.orm, start, measure('added', value));
    await recordHighest(db.orm, start, measure('highest', value));
    await recordLast(db.orm, start, measure('last', value));
  }
  for (const resolution of resolutions) {
    const rows = await readMeasures(db.orm, { resolution, measures: ['added', 'highest', 'last'], from: new Date(0) });
    expect(Object.fromEntries(rows.map((row) => [row.measure, row.value]))).toEqual({ added: 10, highest: 5, last: 2 });
  }
});
