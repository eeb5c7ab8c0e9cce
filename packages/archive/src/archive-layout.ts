import type { BlobReference } from './archive-entry.ts';

/** A run of an archive's own bytes: headers, directory, small files made for it. */
export interface BytesSegment {
  /** Offset in the archive. */
  start: number;
  size: number;
  bytes: Uint8Array;
}

/** The whole content of a stored file. Never empty. */
export interface BlobSegment {
  /** Offset in the archive. */
  start: number;
  size: number;
  blob: BlobReference;
  /** Of its entry. */
  path: string;
}

export type Segment = BytesSegment | BlobSegment;

/** An archive, or the first bytes of one, of which every byte is known before any is read. */
export interface Segmented {
  /** Bytes. */
  size: number;
  /** Without gaps and in order, from the segment that holds byte `from` on. */
  segments(from: number): Iterable<Segment> | AsyncIterable<Segment>;
}

/** Where an archive's bytes come from. */
export interface ArchiveLayout extends Segmented {
  /** Files. */
  entries: number;
  /** Strong, with its quotation marks: the same for the same bytes, made of what is known of them. */
  etag: string;
  /**
   * Where the closing entries begin. What lies before depends on the other entries alone, and is the same in every
   * archive of them.
   */
  closingOffset: number;
  /** How many files lie wholly before that offset. */
  entriesBefore(offset: number): number;
  segments(from: number): Iterable<Segment>;
}
