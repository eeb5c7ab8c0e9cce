import type { Readable } from 'node:stream';

/** A file of an archive as it is read. Its content must be read to its end, or destroyed, before the next is asked for. */
export interface ReadFile {
  path: string;
  /** Where its header lies: in a ZIP from the file's start, else from that of the tar. */
  headerOffset: number;
  /** Where its content lies in the file, if it is there as it is; null for what is compressed, empty, or in a tar. */
  contentOffset: number | null;
  /** The checksum that the archive has for it; null in a tar, which has none. */
  crc32: number | null;
  /** What the directory says that it takes in the archive; null in a tar. */
  compressedSize: number | null;
  /** What the archive says of its size, which need not be true. */
  statedSize: number;
  content: Readable;
}
