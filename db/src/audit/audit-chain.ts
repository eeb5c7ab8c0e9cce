import { createHash } from 'node:crypto';
import type { AuditRow } from './read-audit-rows.ts';

/** A place in the audit log: a row's number and its hash. Number 0 with a hash of zeros is before the first row. */
export interface ChainPoint {
  seq: number;
  hash: Buffer;
}

export const chainStart: ChainPoint = { seq: 0, hash: Buffer.alloc(32) };

/** What a row's hash has to be: SHA-256 over the hash before it (32 bytes), its number in decimal, a line feed, its record. */
export function rowHash(previousHash: Buffer, seq: number, record: string): Buffer {
  return createHash('sha256').update(previousHash).update(`${seq}\n${record}`, 'utf8').digest();
}

/** As people write it down: `<seq>:<hash in hexadecimal>`. */
export function formatChainPoint({ seq, hash }: ChainPoint): string {
  return `${seq}:${hash.toString('hex')}`;
}

/** Null for anything that is not such a point. */
export function parseChainPoint(text: string): ChainPoint | null {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text.trim()) ?? [];
  return seq === undefined || hash === undefined ? null : { seq: Number(seq), hash: Buffer.from(hash, 'hex') };
}

const columns = ['actorId', 'action', 'downloadId', 'assetId', 'licenceId'] as const;

/** The columns of a row that do not say what its record says; null where the record is no event at all. */
export function columnsUnlikeRecord(row: AuditRow): string[] | null {
  const record = parsed(row.record);
  if (record === null) return null;
  const unlike: string[] = columns.filter((column) => row[column] !== idOf(record[column]));
  return record.at === row.at.toISOString() ? unlike : ['at', ...unlike];
}

/** The database writes ids in lower case, however they were told. */
function idOf(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function parsed(record: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(record);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
