import type { Stats } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Archiver, TarArchive, ZipArchive, type ZipEntryData } from 'archiver';
import { type ArchiveEntry, entrySize } from './archive-entry.ts';
import { isCompressible } from './compressible.ts';
import type { Interruption } from './interruption.ts';

export type ArchiveFormat = 'zip' | 'tar' | 'tar.gz';

/** For `zip` alone: `deflate` deflates what is likely to become smaller. A tar is never compressed, a tar.gz always. */
export type ArchiveCompression = 'store' | 'deflate';

const deflateLevel = 6;
/** Most of what is packed is media that no level makes smaller; level 6 takes several times as long to find that out. */
const gzipLevel = 1;

const regularFile = 0o644;

/** An archiver that is fed one entry at a time, so that neither open files nor queued entries grow with the archive. */
export interface ArchiverStream {
  /** The archive's bytes. */
  stream: Archiver;
  /** Resolves when the content has gone into the archive. Failures go to the interruption. */
  append(entry: ArchiveEntry, content: Buffer | Readable): Promise<void>;
  /** Writes what comes after the last entry. The stream ends when it is through. */
  finish(): void;
}

export function createArchiverStream(
  format: ArchiveFormat,
  compression: ArchiveCompression,
  interruption: Interruption,
): ArchiverStream {
  const stream: Archiver =
    format === 'zip'
      ? new ZipArchive({ store: compression === 'store', zlib: { level: deflateLevel } })
      : new TarArchive({ gzip: format === 'tar.gz', gzipOptions: { level: gzipLevel } });
  let onAppended: () => void = () => {};
  stream.on('entry', () => onAppended());
  stream.on('error', (error) => interruption.fail(error));
  stream.on('warning', (error) => interruption.fail(error));

  return {
    stream,

    async append(entry, content) {
      const options: ZipEntryData = {
        name: entry.path,
        date: entry.modifiedAt,
        mode: regularFile,
        store: compression === 'store' || !isCompressible(entry.path),
        // Only the size is read, and only for tar, which would otherwise collect the whole stream in memory to learn it.
        stats: { size: entrySize(entry) } as Stats,
      };
      const appended = new Promise<void>((resolve) => {
        onAppended = resolve;
      });
      stream.append(content, options);
      await appended;
    },

    finish() {
      stream.finalize().catch((error: unknown) => interruption.fail(error));
    },
  };
}
