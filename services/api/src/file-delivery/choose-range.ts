import type { IncomingHttpHeaders } from 'node:http';

/** How to answer a GET or HEAD of one immutable representation. `start` and `end` are both included. */
export type RangeChoice =
  | { status: 200 }
  | { status: 206; start: number; end: number }
  | { status: 304 }
  | { status: 412 }
  | { status: 416 };

export interface Representation {
  /** Strong, with its quotation marks. */
  etag: string;
  /** Bytes. */
  size: number;
}

/** Node joins what is sent twice, except `if-range`, of which it keeps the first. */
type ConditionHeaders = Pick<IncomingHttpHeaders, 'if-match' | 'if-none-match' | 'range'> & { 'if-range'?: string };

/**
 * Conditions and ranges as RFC 9110 orders them (13.2.2 and 14.2). Several ranges in one request are answered with the
 * whole representation, which the RFC allows; so is whatever is not understood. No `Last-Modified` is ever sent, hence
 * conditions on dates cannot hold: `If-Range` with a date yields the whole, and `If-Modified-Since` is ignored.
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
  return rangeOf(headers.range, size);
}

function matches(condition: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (condition.trim() === '*') return true;
  const tags = condition.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => (comparison === 'weak' ? tag.replace(/^W\//, '') : tag) === etag);
}

function rangeOf(header: string, size: number): RangeChoice {
  const [, first, last] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return { status: 200 };
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? { status: 416 } : { status: 206, start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? Number.POSITIVE_INFINITY : Number(last);
  if (end < start) return { status: 200 };
  return start >= size ? { status: 416 } : { status: 206, start, end: Math.min(end, size - 1) };
}
