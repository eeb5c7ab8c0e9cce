import { randomFillSync } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';

export interface SampleFiles {
  folder: string;
  files: string[];
  totalBytes: number;
}

/** Writes incompressible files, as photographs are, all different; a hundred to a folder. */
export async function writeSampleFiles(folder: string, count: number, size: number): Promise<SampleFiles> {
  const noise = randomFillSync(Buffer.allocUnsafe(size + 4_096));
  const files: string[] = [];
  for (let i = 0; i < count; i++) {
    const inside = path.join(folder, String(Math.floor(i / 100)));
    if (i % 100 === 0) await mkdir(inside, { recursive: true });
    const file = path.join(inside, `${i}.bin`);
    const handle = await open(file, 'w');
    const name = Buffer.alloc(8);
    name.writeBigUInt64LE(BigInt(i));
    const from = i % 4_096;
    await handle.writev([name, noise.subarray(from, from + size - name.length)]);
    await handle.close();
    files.push(file);
  }
  return { folder, files, totalBytes: count * size };
}
