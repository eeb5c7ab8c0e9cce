import { describe, expect, it } from 'vitest';
import { chooseRange, mostRanges } from './choose-range.ts';

const etag = '"abc"';
const choose = (headers: Record<string, string>, { size = 100, method = 'GET' } = {}) =>
  chooseRange(method, headers, { etag, size });

describe('chooseRange', () => {
  it('sends the whole without conditions', () => {
    expect(choose({})).toEqual({ status: 200 });
  });

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=10-19', 10, 19],
    ['bytes=10-', 10, 99],
    ['bytes=-10', 90, 99],
    ['bytes=-1000', 0, 99],
    ['bytes=90-1000', 90, 99],
    ['bytes=90-99999999999999999999999', 90, 99],
    [`bytes=90-1${'0'.repeat(400)}`, 90, 99],
    [`bytes=-1${'0'.repeat(400)}`, 0, 99],
    ['Bytes = 1-2', 1, 2],
  ])('cuts %s to what there is', (range, start, end) => {
    expect(choose({ range })).toEqual({ status: 206, ranges: [{ start, end }] });
  });

  const huge = `1${'0'.repeat(30)}`;
  it.each([
    'bytes=100-',
    'bytes=100-200',
    'bytes=-0',
    'bytes=100-,-0,200-300',
    `bytes=${huge}-`,
    `bytes=${huge}-${huge}`,
    `bytes=1${'0'.repeat(400)}-`,
  ])('refuses %s, of which nothing is there', (range) => {
    expect(choose({ range })).toEqual({ status: 416, reason: 'outside' });
  });

  it.each([
    'bytes=5-1',
    `bytes=${huge}-1`,
    'bytes=-',
    'bytes=--5',
    'bytes=1--5',
    'bytes=-1-5',
    'bytes=a-b',
    'bytes=0x1-5',
    'bytes=1.0-5',
    'bytes=1e1-50',
    'bytes=1 0-50',
    'bytes=0-1;5-6',
    'bytes=,',
    'bytes=',
    'bytes=0-1,5-1',
    'bytes=0-1,bytes=5-6',
    'items=0-1',
    'bytes',
    '',
  ])('sends the whole for "%s"', (range) => {
    expect(choose({ range })).toEqual({ status: 200 });
  });

  it.each([
    ['in the order asked for', 'bytes=50-59,0-9', [50, 59, 0, 9]],
    ['overlapping ones as one', 'bytes=0-9,5-14', [0, 14]],
    ['adjacent ones as one', 'bytes=0-9,10-19', [0, 19]],
    ['one byte apart as two', 'bytes=0-9,11-19', [0, 9, 11, 19]],
    ['one within another as one', 'bytes=0-49,10-19', [0, 49]],
    ['joined at the place of the first of them', 'bytes=20-29,60-69,0-9,10-25', [0, 29, 60, 69]],
    ['the same twice as one', 'bytes=-10,90-', [90, 99]],
    ['without those outside', 'bytes=100-,0-9,-0', [0, 9]],
    ['passing over empty elements', 'bytes=, 0-9 , ,20-29,', [0, 9, 20, 29]],
    ['the whole in pieces as one range', 'bytes=50-99,0-49', [0, 99]],
  ])('several ranges: %s', (_, range, bounds) => {
    const ranges = [];
    for (let i = 0; i < bounds.length; i += 2) ranges.push({ start: bounds[i], end: bounds[i + 1] });
    expect(choose({ range })).toEqual({ status: 206, ranges });
  });

  it.each(['bytes=0-,0-', 'bytes=0-99,5-5', 'bytes=0-60,50-99,-20'])(
    'sends the whole for %s, which is more than that',
    (range) => {
      expect(choose({ range })).toEqual({ status: 200 });
    },
  );

  const ranges = (count: number) => `bytes=${Array.from({ length: count }, (_, n) => `${2 * n}-${2 * n}`).join(',')}`;

  it('takes as many ranges as it says, and refuses one more', () => {
    const choice = choose({ range: ranges(mostRanges) });
    expect(choice.status === 206 && choice.ranges).toHaveLength(mostRanges);
    expect(choose({ range: ranges(mostRanges + 1) })).toEqual({ status: 416, reason: 'too many' });
  });

  it.each(['0-0', '99-', '-1', '500-'])('refuses 10,000 times %s', (spec) => {
    expect(choose({ range: `bytes=${Array(10_000).fill(spec).join(',')}` })).toEqual({
      status: 416,
      reason: 'too many',
    });
  });

  it('has no range to give of an empty file', () => {
    expect(choose({ range: 'bytes=0-' }, { size: 0 })).toEqual({ status: 416, reason: 'outside' });
    expect(choose({ range: 'bytes=-5' }, { size: 0 })).toEqual({ status: 416, reason: 'outside' });
  });

  it('ignores ranges of a HEAD', () => {
    expect(choose({ range: 'bytes=0-1' }, { method: 'HEAD' })).toEqual({ status: 200 });
  });

  it('resumes only what is still the same', () => {
    expect(choose({ range: 'bytes=5-9', 'if-range': etag })).toEqual({
      status: 206,
      ranges: [{ start: 5, end: 9 }],
    });
    for (const other of ['"other"', `W/${etag}`, 'Wed, 21 Oct 2026 07:28:00 GMT']) {
      expect(choose({ range: 'bytes=5-9', 'if-range': other })).toEqual({ status: 200 });
    }
  });

  it('sends nothing to whoever has it already, ranges or not', () => {
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      expect(choose({ 'if-none-match': known, range: 'bytes=0-1' })).toEqual({ status: 304 });
    }
    expect(choose({ 'if-none-match': '"x"' })).toEqual({ status: 200 });
  });

  it('refuses whoever expects something else', () => {
    expect(choose({ 'if-match': '"x"' })).toEqual({ status: 412 });
    expect(choose({ 'if-match': `W/${etag}` })).toEqual({ status: 412 });
    expect(choose({ 'if-match': etag, range: 'bytes=0-0' })).toEqual({
      status: 206,
      ranges: [{ start: 0, end: 0 }],
    });
  });
});
