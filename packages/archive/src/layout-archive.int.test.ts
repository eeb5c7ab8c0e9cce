import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { ArchiveEntry } from './archive-entry.ts';
import { layoutArchive } from './layout-archive.ts';
import { setupBlobs } from './layout-under-test.ts';
import { readArchive } from './read-archive.ts';
import { reopenZip, testWithOtherPrograms } from './reopened-archive.ts';

/** A seed of the matrix of `npm run test:archives`. */
async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-layout-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'archive.zip');
  const blobs = setupBlobs();

  async function write(entries: ArchiveEntry[], closing: ArchiveEntry[] = []) {
    const layout = layoutArchive(entries, { closing });
    const content = readArchive(layout, blobs.source, { start: 0, end: layout.size - 1 }, { verify: true });
    await pipeline(content, createWriteStream(file));
  }
  return { ...blobs, file, write };
}

test('yauzl, unzip and 7z read every file, name and time of an archive as it was put in', async () => {
  const { add, contents, file, write } = await setup();
  const time = new Date('2026-10-25T01:30:01Z');
  const paths = ['a.txt', 'b/empty.jpg', 'café.jpg', 'cafe\u0301.jpg', 'صورة/شعار.png', '写真.jpg', '🌾.jpg', '\uf8ff'];
  const entries = paths.map((path) => add(path, Buffer.from(path.includes('empty') ? '' : path.repeat(9_000)), time));
  const manifest = { path: 'manifest.json', modifiedAt: time, bytes: Buffer.from('{}') };
  await write(entries, [manifest]);

  const sorted = entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const expected = sorted.map(({ path, blob }) => ({ path, content: Buffer.from(contents.get(blob.sha256)!) }));
  const reopened = await reopenZip(file);
  expect(reopened.map(({ path, content }) => ({ path, content }))).toEqual([
    ...expected,
    { path: manifest.path, content: manifest.bytes },
  ]);
  for (const entry of reopened) expect(entry).toMatchObject({ modifiedAt: time, mode: 0o644, deflated: false });
  await testWithOtherPrograms(file);
});

test('unzip and 7z read all of an archive of 65,536 files', async () => {
  const { add, file, write } = await setup();
  const { blob, modifiedAt } = add('content', Buffer.from('one text for all'));
  await write(
    Array.from({ length: 65_536 }, (_, index) => ({ path: `${index % 100}/${index}.txt`, blob, modifiedAt })),
  );
  await testWithOtherPrograms(file);
});
