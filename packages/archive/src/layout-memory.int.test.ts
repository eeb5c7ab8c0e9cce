import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = `
  import { layoutArchive } from ${JSON.stringify(new URL('./layout-archive.ts', import.meta.url).href)};
  const count = Number(process.argv[1]);
  const modifiedAt = new Date('2026-03-04T05:06:08Z');
  const blob = { sha256: 'a'.repeat(64), size: 4_000_000, crc32: 1 };
  const entries = Array.from({ length: count }, (_, index) => ({
    path: \`Kampagne \${index % 300}/Aufnahme für die Presse \${index}.jpg\`, modifiedAt, blob,
  }));
  function used() {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  }
  gc();
  const before = { used: used(), resident: process.memoryUsage.rss() };
  const layout = layoutArchive(entries);
  let segments = 0;
  let size = 0;
  for (const segment of layout.segments(0)) {
    segments += 1;
    size += segment.size;
  }
  layout.etag;
  const resident = process.memoryUsage.rss() - before.resident;
  gc();
  console.log(JSON.stringify({ kept: used() - before.used, resident, segments, complete: size === layout.size, entries: entries.length }));
`;

async function layOut(count: number) {
  // Few megabytes of young objects, so that what is waiting to be collected is not taken for what is needed.
  const flags = ['--expose-gc', '--max-semi-space-size=2', '--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, String(count)]);
  return JSON.parse(stdout);
}

test('25,000 entries are laid out, walked through and given a tag in at most 20 MB, of which 1 MB is kept', async () => {
  const measured = await layOut(25_000);
  expect(measured).toMatchObject({ complete: true, segments: 2 * 25_000 + Math.ceil(25_000 / 256) + 1 });
  expect(measured.resident).toBeLessThan(20_000_000);
  expect(measured.kept).toBeLessThan(1_000_000);
});

test('1,000,000 entries work, at 24 bytes each', async () => {
  const measured = await layOut(1_000_000);
  expect(measured).toMatchObject({ complete: true, entries: 1_000_000 });
  expect(measured.kept).toBeLessThan(26_000_000);
});
