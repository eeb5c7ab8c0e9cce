import { randomFillSync } from 'node:crypto';
import { mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { runProgram } from './run-program.ts';

/** A file as a store would know it. */
export interface SampleEntry {
  /** Relative to the sample's folder. */
  path: string;
  /** Absolute. */
  file: string;
  blob: { sha256: string; size: number; crc32: number };
}

export interface SampleEntries {
  folder: string;
  files: string[];
  /** Absolute path of a file beside the folder, with one entry as JSON a line. */
  entriesFile: string;
  totalBytes: number;
}

const noiseBytes = 8 * 1_048_576;

/**
 * Incompressible files, as photographs are, a hundred to a folder, with what a store had recorded of them. Their SHA-256 is
 * only a name, which nothing here checks. They are durable, so that writing them is over when the measuring begins, and
 * in the page cache.
 */
export async function writeSampleEntries(folder: string, count: number, size: number): Promise<SampleEntries> {
  const noise = randomFillSync(Buffer.allocUnsafe(noiseBytes + 4_096));
  const entries: SampleEntry[] = [];
  for (let i = 0; i < count; i += 1) {
    const inside = String(Math.floor(i / 100));
    if (i % 100 === 0) await mkdir(path.join(folder, inside), { recursive: true });
    const relative = path.join(inside, `${i}.bin`);
    const handle = await open(path.join(folder, relative), 'w');
    // Files differ in where in the noise they begin, and in their number.
    noise.writeUInt32LE(i, i % 4_096);
    let checksum = 0;
    for (let written = 0; written < size; ) {
      const chunk = noise.subarray(i % 4_096, (i % 4_096) + Math.min(noiseBytes, size - written));
      checksum = crc32(chunk, checksum);
      await handle.writev([chunk]);
      written += chunk.length;
    }
    await handle.close();
    const blob = { sha256: i.toString(16).padStart(64, '0'), size, crc32: checksum };
    entries.push({ path: relative, file: path.join(folder, relative), blob });
  }
  await runProgram({ command: 'sync', args: ['-f', folder] });
  const entriesFile = `${folder}.jsonl`;
  await writeFile(
    entriesFile,
    entries.map((entry) => `${JSON.stringify(entry)}\n`),
  );
  return { folder, files: entries.map(({ file }) => file), entriesFile, totalBytes: count * size };
}
