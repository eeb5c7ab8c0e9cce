import type { IncomingHttpHeaders } from 'node:http';
import type { ByteRange } from '@sheaf/storage/blob-store';

/** How to answer a GET or HEAD of one immutable representation. */
export type RangeChoice =
  | { status: 200 }
  /** None empty, none touching another, in the order in which they were asked for. Several make a multipart answer. */
  | { status: 206; ranges: [ByteRange, ...ByteRange[]] }
  | { status: 304 }
  | { status: 412 }
  | { status: 416; reason: 'outside' | 'too many' };

export interface Representation {
  /** Strong, with its quotation marks. */
  etag: string;
  /** Bytes. */
  size: number;
}

/** Node joins what is sent twice, except `if-range`, of which it keeps the first. */
type ConditionHeaders = Pick<IncomingHttpHeaders, 'if-match' | 'if-none-match' | 'range'> & { 'if-range'?: string };

/** Ranges in one request. Whoever resumes asks for one; whoever reads an archive's directory, for a few. */
export const mostRanges = 32;

/**
 * Conditions and ranges as RFC 9110 orders them (13.2.2 and 14.2). No `Last-Modified` is ever sent, hence conditions on
 * dates cannot hold: `If-Range` with a date yields the whole, and `If-Modified-Since` is ignored.
 */
export function chooseRange(method: string, headers: ConditionHeaders, { etag, size }: Representation): RangeChoice {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && !matches(ifMatch, etag, 'strong')) return { status: 412 };
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, etag, 'weak')) return { status: 304 };

  const ifRange = headers['if-range'];
  if (method !== 'GET' || headers.range === undefined || (ifRange !== undefined && ifRange.trim() !== etag)) {
    return { status: 200 };
  }
  return rangesOf(headers.range, size);
}

function matches(condition: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (condition.trim() === '*') return true;
  const tags = condition.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => (comparison === 'weak' ? tag.replace(/^W\//, '') : tag) === etag);
}

/**
 * RFC 9110, 14.2 leaves it open whether to ignore or to refuse a header that is malformed, or that asks for many small
 * or overlapping ranges:
 * - malformed or of another unit: ignored, as for a server that knows no ranges. One bad range spoils the header.
 * - more than `mostRanges`: refused. Whoever asks for slivers wanted less than the whole; to send it would cost both
 *   sides a hundred gigabytes, and somebody's quota, where a 416 says at once what is wrong, and the size.
 * - together longer than the whole, which only overlapping ones are: ignored. The whole costs no more than was asked
 *   for, and every client that sends `Range` must understand it. Apache and nginx do the same.
 */
function rangesOf(header: string, size: number): RangeChoice {
  const [, list] = /^\s*bytes\s*=(.*)$/is.exec(header) ?? [];
  // Empty elements of a list are to be passed over (5.6.1.2).
  const specs = (list ?? '').split(',').flatMap((spec) => spec.trim() || []);
  const asked = specs.map((spec) => rangeOf(spec, size));
  if (asked.length === 0 || asked.includes('malformed')) return { status: 200 };
  if (asked.length > mostRanges) return { status: 416, reason: 'too many' };
  const satisfiable = asked.filter((range) => typeof range === 'object');
  const [first, ...others] = coalesced(satisfiable);
  if (first === undefined) return { status: 416, reason: 'outside' };
  const total = satisfiable.reduce((sum, { start, end }) => sum + end - start + 1, 0);
  return total > size ? { status: 200 } : { status: 206, ranges: [first, ...others] };
}

/** What of the file one range means. Numbers of any length: past 2^53 they are inexact, but then so far outside. */
function rangeOf(spec: string, size: number): ByteRange | 'malformed' | 'outside' {
  const [, first, last] = /^(\d*)\s*-\s*(\d*)$/.exec(spec) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'malformed';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'outside' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? Number.POSITIVE_INFINITY : Number(last);
  if (end < start) return 'malformed';
  return start >= size ? 'outside' : { start, end: Math.min(end, size - 1) };
}

/** Overlapping and adjacent ones as one, at the place of the first of them (15.3.7.2). */
function coalesced(ranges: readonly ByteRange[]): ByteRange[] {
  const merged: { range: ByteRange; place: number }[] = [];
  const placed = ranges.map((range, place) => ({ range, place }));
  for (const { range, place } of placed.toSorted((a, b) => a.range.start - b.range.start)) {
    const before = merged.at(-1);
    if (before === undefined || range.start > before.range.end + 1) {
      merged.push({ range: { ...range }, place });
    } else {
      before.range.end = Math.max(before.range.end, range.end);
      before.place = Math.min(before.place, place);
    }
  }
  return merged.sort((a, b) => a.place - b.place).map(({ range }) => range);
}
