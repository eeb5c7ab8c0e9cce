import { describe, expect, test } from 'vitest';
import { deterministicJobId, jobNames, parseJobPayload } from './jobs.ts';

const id = '01980a3c-1111-7abc-8def-0123456789ab';

describe('parseJobPayload', () => {
  test('passes every job its own payload', () => {
    expect(parseJobPayload('render', { assetId: id })).toEqual({ assetId: id });
    expect(parseJobPayload('gather', { downloadId: id, epoch: 0 })).toEqual({ downloadId: id, epoch: 0 });
    expect(parseJobPayload('pack', { downloadId: id, epoch: 3 })).toEqual({ downloadId: id, epoch: 3 });
    expect(parseJobPayload('notify', { notificationId: id })).toEqual({ notificationId: id });
    expect(parseJobPayload('sweep', {})).toEqual({});
  });

  test.each([
    ['a missing field', {}],
    ['a field too many', { assetId: id, title: 'Spring' }],
    ['an inherited name', JSON.parse(`{"assetId":"${id}","__proto__":1}`)],
    ['another field', { downloadId: id }],
    ['an id that is no UUID', { assetId: '../../etc/passwd' }],
    ['null', null],
    ['text', id],
  ])('refuses %s', (_what, payload) => {
    expect(() => parseJobPayload('render', payload)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  });

  test.each([-1, 1.5, '1', Number.NaN, null])('refuses the epoch %s', (epoch) => {
    expect(() => parseJobPayload('gather', { downloadId: id, epoch })).toThrow();
  });
});

describe('deterministicJobId', () => {
  test('is the same for the same work, and differs between jobs and epochs', () => {
    const ids = [
      deterministicJobId('gather', { downloadId: id, epoch: 1 }),
      deterministicJobId('gather', { downloadId: id, epoch: 2 }),
      deterministicJobId('pack', { downloadId: id, epoch: 1 }),
    ];
    expect(ids).toEqual([`gather-${id}-1`, `gather-${id}-2`, `pack-${id}-1`]);
    expect(deterministicJobId('gather', { epoch: 1, downloadId: id })).toBe(ids[0]);
  });

  test('is one that the queue accepts, for every job', () => {
    const payload = { assetId: id, downloadId: id, notificationId: id, epoch: 1 };
    for (const name of jobNames) expect(deterministicJobId(name, payload as never)).toMatch(/^[a-z][a-z0-9-]*$/);
  });
});
