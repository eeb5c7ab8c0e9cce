import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = `
  import { setImmediate } from 'node:timers/promises';
  import { layoutArchive } from ${JSON.stringify(new URL('./layout-archive.ts', import.meta.url).href)};
  const count = Number(process.argv[1]);
  const modifiedAt = new Date('2026-03-04T05:06:08Z');
  const blob = { sha256: 'a'.repeat(64), size: 4_000_000, crc32: 1 };
  const entries = Array.from({ length: count }, (_, index) => ({
    // From bytes: a text that is put together from others is made smaller by whoever reads it first.
    path: Buffer.from(\`Kampagne \${index % 300}/Aufnahme für die Presse \${index}.jpg\`).toString(), modifiedAt, blob,
  }));
  // Buffers are freed in the background, so what is used is the least of some looks.
  async function used() {
    let least = Infinity;
    for (let look = 0; look < 5; look += 1) {
      gc();
      await setImmediate();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      least = Math.min(least, heapUsed + arrayBuffers);
    }
    return least;
  }
  const before = { used: await used(), resident: process.memoryUsage.rss() };
  const layout = layoutArchive(entries);
  let segments = 0;
  let size = 0;
  for (const segment of layout.segments(0)) {
    segments += 1;
    size += segment.size;
  }
  layout.etag;
  const resident = process.memoryUsage.rss() - before.resident;
  console.log(JSON.stringify({ kept: (await used()) - before.used, resident, segments, complete: size === layout.size, entries: entries.length }));
`;

async function layOut(count: number, ...flags: string[]) {
  const parameters = [...flags, '--expose-gc', '--input-type=module', '--eval', program, String(count)];
  const { stdout } = await promisify(execFile)(process.execPath, parameters);
  return JSON.parse(stdout);
}

test('25,000 entries are laid out, walked through and given a tag in at most 20 MB, of which 2 MB are kept', async () => {
  // Few megabytes of young objects, so that what waits to be collected is not taken for what is needed.
  const measured = await layOut(25_000, '--max-semi-space-size=2');
  expect(measured).toMatchObject({ complete: true, segments: 2 * 25_000 + Math.ceil(25_000 / 256) + 1 });
  expect(measured.resident).toBeLessThan(20_000_000);
  expect(measured.kept).toBeLessThan(2_000_000);
});

test('1,000,000 entries work, at no more than 24 bytes each that are kept', { timeout: 180_000 }, async () => {
  const measured = await layOut(1_000_000);
  expect(measured).toMatchObject({ complete: true, entries: 1_000_000 });
  expect(measured.kept).toBeLessThan(26_000_000);
});
