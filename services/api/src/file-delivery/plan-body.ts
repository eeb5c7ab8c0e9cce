import { createHash } from 'node:crypto';
import type { ByteRange } from '@sheaf/storage/blob-store';
import type { Representation } from './choose-range.ts';

/** A run of an answer's body: bytes of its own, or some of the file. */
export type BodyPiece =
  | { bytes: Buffer }
  /** `range` is absent for the whole file. `length` in bytes, never 0. */
  | { range: ByteRange | undefined; length: number };

/** What is sent, known to the last byte before anything is read. */
export interface BodyPlan {
  headers: Record<string, string>;
  pieces: BodyPiece[];
  /** Of the file alone, without what a multipart answer has around it. */
  fileBytes: number;
}

export type PlannedFile = Representation & {
  mediaType: string;
  /** A place in the file over which no piece reaches: what lies before is opened apart from what follows. */
  seam?: number | undefined;
};

/** The body that has the whole file (no ranges), one range as it is, or several as `multipart/byteranges`. */
export function planBody(file: PlannedFile, ranges: readonly ByteRange[]): BodyPlan {
  const { size, mediaType } = file;
  const [first, ...others] = ranges;
  if (first === undefined) {
    const pieces = size === 0 ? [] : piecesOf(undefined, file);
    return { headers: { 'content-type': mediaType, 'content-length': String(size) }, pieces, fileBytes: size };
  }
  if (others.length === 0) {
    const length = lengthOf(first);
    const headers = {
      'content-type': mediaType,
      'content-length': String(length),
      'content-range': contentRange(first, size),
    };
    return { headers, pieces: piecesOf(first, file), fileBytes: length };
  }
  return planMultipart(file, ranges);
}

function planMultipart(file: PlannedFile, ranges: readonly ByteRange[]): BodyPlan {
  const boundary = boundaryFor(file.etag);
  const pieces: BodyPiece[] = [];
  let [fileBytes, length] = [0, 0];
  const add = (...added: BodyPiece[]) => {
    pieces.push(...added);
    for (const piece of added) length += 'bytes' in piece ? piece.bytes.length : piece.length;
  };
  for (const [index, range] of ranges.entries()) {
    const lines = [
      `${index === 0 ? '' : '\r\n'}--${boundary}`,
      `Content-Type: ${file.mediaType}`,
      `Content-Range: ${contentRange(range, file.size)}`,
      '\r\n',
    ];
    add({ bytes: Buffer.from(lines.join('\r\n')) });
    add(...piecesOf(range, file));
    fileBytes += lengthOf(range);
  }
  add({ bytes: Buffer.from(`\r\n--${boundary}--\r\n`) });
  const headers = {
    'content-type': `multipart/byteranges; boundary=${boundary}`,
    'content-length': String(length),
  };
  return { headers, pieces, fileBytes };
}

function piecesOf(range: ByteRange | undefined, { size, seam }: PlannedFile): BodyPiece[] {
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (seam === undefined || seam <= start || seam > end) return [{ range, length: end - start + 1 }];
  const halves = [
    { start, end: seam - 1 },
    { start: seam, end },
  ];
  return halves.map((half) => ({ range: half, length: lengthOf(half) }));
}

/**
 * The same for the same file, so that an answer can be repeated byte for byte. A file that has its own boundary in it
 * would have to hold a hash of its own hash.
 */
function boundaryFor(etag: string): string {
  return createHash('sha256').update(`byteranges ${etag}`).digest('hex').slice(0, 40);
}

function lengthOf({ start, end }: ByteRange): number {
  return end - start + 1;
}

function contentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end}/${size}`;
}
