import type { ArchiveEntry, BlobEntry } from '@sheaf/archive/archive-entry';
import type { Claim } from '@sheaf/db/downloads/claim-download';
import type { Publication } from '@sheaf/db/downloads/publish-download';
import type { ObjectWriter } from '@sheaf/storage/object-store';

/** A part that is about to be stored. */
export interface PartToStore {
  objectKey: string;
  content: readonly BlobEntry[];
  /** Sheaf's own files, which follow. */
  closing(): Promise<ArchiveEntry[]>;
  request: Pick<Claim['request'], 'format' | 'compression'>;
  signal: AbortSignal;
  onProgress(done: { entries: number; bytes: number }): void;
}

/** A part whose object is written to its last byte, and which nobody sees before `writer` is committed. */
export interface StoredPart
  extends Pick<Publication['parts'][number], 'delivery' | 'bundleId' | 'size' | 'etag' | 'sha256' | 'entries'> {
  writer: ObjectWriter;
}
