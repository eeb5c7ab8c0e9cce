import { describe, expect, it } from 'vitest';
import { chooseRange } from './choose-range.ts';

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
    ['Bytes = 1-2', 1, 2],
  ])('cuts %s to what there is', (range, start, end) => {
    expect(choose({ range })).toEqual({ status: 206, start, end });
  });

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0', 'bytes=99999999999999999999999-'])('refuses %s', (range) => {
    expect(choose({ range })).toEqual({ status: 416 });
  });

  it.each(['bytes=0-1,5-6', 'bytes=5-1', 'bytes=-', 'bytes=a-b', 'items=0-1', 'bytes', ''])(
    'sends the whole for "%s"',
    (range) => {
      expect(choose({ range })).toEqual({ status: 200 });
    },
  );

  it('has no range to give of an empty file', () => {
    expect(choose({ range: 'bytes=0-' }, { size: 0 })).toEqual({ status: 416 });
    expect(choose({ range: 'bytes=-5' }, { size: 0 })).toEqual({ status: 416 });
  });

  it('ignores ranges of a HEAD', () => {
    expect(choose({ range: 'bytes=0-1' }, { method: 'HEAD' })).toEqual({ status: 200 });
  });

  it('resumes only what is still the same', () => {
    expect(choose({ range: 'bytes=5-9', 'if-range': etag })).toEqual({ status: 206, start: 5, end: 9 });
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
    expect(choose({ 'if-match': etag, range: 'bytes=0-0' })).toEqual({ status: 206, start: 0, end: 0 });
  });
});
