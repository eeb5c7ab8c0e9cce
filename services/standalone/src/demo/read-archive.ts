import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { openPromise } from 'yauzl';

export interface ArchiveEntry {
  path: string;
  size: number;
  sha256: string;
}

/** Every file of a ZIP with the hash of the bytes that come out of it, and the text of `manifest.json`. */
export async function readArchive(file: string): Promise<{ entries: ArchiveEntry[]; manifest: string | null }> {
  const zip = await openPromise(file, { lazyEntries: true });
  const entries: ArchiveEntry[] = [];
  let manifest: string | null = null;
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    const stream = await zip.openReadStreamPromise(entry);
    if (entry.fileName === 'manifest.json') {
      const bytes = await buffer(stream);
      manifest = bytes.toString('utf8');
      entries.push({
        path: entry.fileName,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
      continue;
    }
    const hash = createHash('sha256');
    for await (const chunk of stream) hash.update(chunk);
    entries.push({ path: entry.fileName, size: entry.uncompressedSize, sha256: hash.digest('hex') });
  }
  return { entries, manifest };
}
