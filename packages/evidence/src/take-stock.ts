import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Fault } from './fault.ts';
import type { OpenedArchive } from './open-archive.ts';
import { manifestFile, receiptFile, signatureFile } from './own-files.ts';
import type { ReadFile } from './read-file.ts';

/** A file that was found in an archive. */
export interface FoundFile {
  path: string;
  size: number;
  sha256: string;
  crc32: number;
  /** What the archive says of it; null where it says nothing. */
  statedCrc32: number | null;
  compressedSize: number | null;
  headerOffset: number;
  /** Where in the archive its content was read; null where it is not there as it is, or is empty. */
  contentOffset: number | null;
}

export interface Stock {
  /** In the archive's order. */
  files: FoundFile[];
  /** Content of manifest, receipt and signature, as far as they are there and not larger than is kept unproved. */
  own: Map<string, Buffer>;
  faults: Fault[];
}

/** What is kept of Sheaf's own files before anything is known of who wrote them, in bytes. */
const keptBytes: ReadonlyMap<string, number> = new Map([
  [manifestFile, 64_000_000],
  [receiptFile, 64_000_000],
  [signatureFile, 4_000],
]);

/** Far more than Sheaf packs into one archive. */
const maxFiles = 1_000_000;
const maxPathCharacters = 256_000_000;

/**
 * Reads an archive to its end. Where it is damaged, or has more files than any that Sheaf makes, what was read until
 * then. Takes little memory whatever the archive claims.
 */
export async function takeStock(archive: OpenedArchive, limits = { maxFiles, maxPathCharacters }): Promise<Stock> {
  const stock: Stock = { files: [], own: new Map(), faults: [] };
  let pathCharacters = 0;
  try {
    for await (const file of archive.files()) {
      pathCharacters += file.path.length;
      if (stock.files.length === limits.maxFiles || pathCharacters > limits.maxPathCharacters) {
        file.content.destroy();
        throw new Error('it has more files than Sheaf packs into an archive');
      }
      const { found, kept } = await measure(file, stock.own.has(file.path) ? 0 : (keptBytes.get(file.path) ?? 0));
      stock.files.push(found);
      if (kept !== null) stock.own.set(file.path, kept);
    }
  } catch (error) {
    const after = stock.files.at(-1)?.path;
    const where = after === undefined ? 'from its first file on' : `after ${after}`;
    const message = `The archive cannot be read ${where}: ${(error as Error).message}.`;
    stock.faults.push({ code: 'archive.unreadable', path: null, message });
  }
  return stock;
}

/** Reads a file to its end, and gives its content where that is no larger than `keep`. */
async function measure(file: ReadFile, keep: number): Promise<{ found: FoundFile; kept: Buffer | null }> {
  const { path, headerOffset, contentOffset, crc32: statedCrc32, compressedSize, statedSize, content } = file;
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  let size = 0;
  let checksum = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    hash.update(chunk);
    checksum = crc32(chunk, checksum);
    size += chunk.length;
    if (size > statedSize) throw new Error(`${path} is larger than the archive says`);
    if (size <= keep) chunks.push(chunk);
    else chunks.length = 0;
  }
  const measured = { path, size, sha256: hash.digest('hex'), crc32: checksum };
  const found = { ...measured, statedCrc32, compressedSize, headerOffset, contentOffset };
  return { found, kept: keep > 0 && size <= keep ? Buffer.concat(chunks) : null };
}
