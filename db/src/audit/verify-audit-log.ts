import type { Executor } from '../database.ts';
import { type ChainPoint, chainStart, columnsUnlikeRecord, formatChainPoint, rowHash } from './audit-chain.ts';
import { type AuditRow, readAuditRows } from './read-audit-rows.ts';

/**
 * `record`: the record or the hash is not what was written. `column`: a column does not say what the record says.
 * `missing`: there is no row of that number. `order`: another row stands there. `point`: not the row that was named.
 */
export type AuditFaultKind = 'record' | 'column' | 'missing' | 'order' | 'point';

/** The first row at which the log is not what was written. */
export interface AuditFault {
  seq: number;
  kind: AuditFaultKind;
  /** For people: what is wrong with it. */
  message: string;
}

export interface AuditVerdict {
  /** Rows that hold. */
  rows: number;
  /** The last row that holds. */
  head: ChainPoint;
  fault: AuditFault | null;
}

export interface AuditQuestion {
  /** A row that is known to hold: rows before it are not looked at. */
  from?: ChainPoint | undefined;
  /** A row that was seen before, as the head: it must be there still. */
  expect?: ChainPoint | undefined;
  /** Stops after so many rows, the one that `from` names among them; there may be more where exactly so many hold. */
  most?: number | undefined;
}

/** Furthest that a row which stands in another's place is looked for. */
const furthest = 100_000;

/**
 * Reads the audit log and computes its chain anew, without asking the database for any hash. Only rows cut off the end,
 * or a log written anew as a whole, cannot be seen from the rows alone: for that there is `expect`.
 */
export async function verifyAuditLog(
  executor: Executor,
  { from, expect, most = Number.POSITIVE_INFINITY }: AuditQuestion = {},
): Promise<AuditVerdict> {
  let head = chainStart;
  let rows = 0;
  let previous: AuditRow | null = null;
  const end = (fault: AuditFault | null): AuditVerdict => ({ rows, head, fault });

  for await (const page of readAuditRows(executor, from && from.seq > 0 ? from.seq : null)) {
    for (const row of page) {
      if (from && from.seq > 0 && previous === null) {
        if (!isAt(row, from)) return end(notThePoint(from));
      } else {
        const fault = faultOf(row, { head, previous });
        if (fault !== null) return end(fault);
      }
      if (expect?.seq === row.seq && !expect.hash.equals(row.hash)) return end(notThePoint(expect));
      head = { seq: row.seq, hash: row.hash };
      previous = row;
      rows += 1;
      if (rows === most) return end(null);
    }
  }
  if (from && from.seq > 0 && previous === null) return end(missing(from.seq, from.seq));
  if (expect && expect.seq > head.seq) return end(missing(head.seq + 1, expect.seq));
  if (expect?.seq === 0 && !expect.hash.equals(chainStart.hash)) return end(notThePoint(expect));
  return end(null);
}

function faultOf(
  row: AuditRow,
  { head, previous }: { head: ChainPoint; previous: AuditRow | null },
): AuditFault | null {
  const { seq, record, previousHash, hash } = row;
  const expected = head.seq + 1;
  if (seq > expected) return missing(expected, seq - 1);
  if (seq < expected) return { seq, kind: 'order', message: 'a row before the first one was added' };

  if (!rowHash(head.hash, seq, record).equals(hash)) {
    // The row is whole, and follows another one than stands before it.
    if (previous !== null && rowHash(previousHash, seq, record).equals(hash)) {
      const message = `its record was changed and its hash computed anew: row ${seq} follows another row ${previous.seq}`;
      return { seq: previous.seq, kind: 'record', message };
    }
    const origin = originOf(row);
    if (origin !== null) return { seq, kind: 'order', message: `what was written as row ${origin} stands here` };
    return { seq, kind: 'record', message: 'its record is not the one that its hash was computed from' };
  }
  const unlike = columnsUnlikeRecord(row);
  if (unlike === null) return { seq, kind: 'record', message: 'its record is not an event' };
  if (!previousHash.equals(head.hash)) unlike.push('previousHash');
  if (unlike.length === 0) return null;
  return { seq, kind: 'column', message: `${unlike.join(', ')} changed: not what its record says` };
}

/** The number that a row had when it was written, where only its number was changed. */
function originOf({ seq, record, previousHash, hash }: AuditRow): number | null {
  for (let distance = 1; distance < furthest; distance++) {
    for (const origin of [seq - distance, seq + distance]) {
      if (origin > 0 && rowHash(previousHash, origin, record).equals(hash)) return origin;
    }
  }
  return null;
}

function isAt(row: AuditRow, point: ChainPoint): boolean {
  return row.seq === point.seq && row.hash.equals(point.hash);
}

function notThePoint(point: ChainPoint): AuditFault {
  return { seq: point.seq, kind: 'point', message: `it is not ${formatChainPoint(point)}` };
}

function missing(first: number, last: number): AuditFault {
  const message = first === last ? 'the row is missing' : `rows ${first} to ${last} are missing`;
  return { seq: first, kind: 'missing', message };
}
