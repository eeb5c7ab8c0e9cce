/** What was recorded of a stored file when it was stored. */
export interface BlobReference {
  /** 64 lower-case hexadecimal digits. */
  sha256: string;
  /** Bytes. */
  size: number;
  /** Unsigned 32 bits. */
  crc32: number;
}

interface NamedEntry {
  /** Relative, `/` between segments, safe and unique within its archive: names are made in `domain`, not here. */
  path: string;
  /** Kept to two seconds by ZIP and to one by tar, in UTC. */
  modifiedAt: Date;
}

/** A stored file, opened only when its turn comes. */
export interface BlobEntry extends NamedEntry {
  blob: BlobReference;
}

/** A small file made for this archive, such as its manifest. */
export interface BytesEntry extends NamedEntry {
  bytes: Uint8Array;
}

export type ArchiveEntry = BlobEntry | BytesEntry;

/** Bytes of the entry's content. */
export function entrySize(entry: ArchiveEntry): number {
  return 'blob' in entry ? entry.blob.size : entry.bytes.length;
}

/** A segment that is empty, `.` or `..`. */
const emptyOrDotSegment = /(?:^|\/)\.{0,2}(?:\/|$)/;

/**
 * Whether every program reads the path as the same place below the folder that an archive is unpacked into: a path that
 * two of them read differently is how files come to lie outside it.
 */
export function isSafePath(path: string): boolean {
  return (
    path.isWellFormed() &&
    Buffer.byteLength(path) <= 0xffff &&
    !path.includes('\\') &&
    !path.includes('\0') &&
    !/^\w+:/.test(path) &&
    !emptyOrDotSegment.test(path)
  );
}
