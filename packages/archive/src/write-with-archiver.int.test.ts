import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ArchiveEntry, BlobEntry } from './archive-entry.ts';
import { everyFormat } from './packing-under-test.ts';
import { reopenTar, reopenZip, testWithOtherPrograms } from './reopened-archive.ts';
import { type WriteWithArchiverOptions, writeWithArchiver } from './write-with-archiver.ts';

const modifiedAt = new Date('2026-03-14T15:09:26Z');
const MiB = 1024 * 1024;

/** A folder of stored files and a function that packs them into a file beside it. */
async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-archive-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'archive');
  const open = async (entry: BlobEntry) => createReadStream(join(folder, entry.blob.sha256));

  async function store(path: string, content: Buffer): Promise<BlobEntry> {
    const sha256 = createHash('sha256').update(content).digest('hex');
    await writeFile(join(folder, sha256), content);
    return { path, modifiedAt, blob: { sha256, size: content.length, crc32: crc32(content) } };
  }

  function pack(entries: ArchiveEntry[], options: Partial<WriteWithArchiverOptions> = {}) {
    return writeWithArchiver({
      entries: inOrder(entries),
      open,
      sink: createWriteStream(file),
      format: 'zip',
      compression: 'store',
      signal: new AbortController().signal,
      ...options,
    });
  }

  return { file, open, store, pack };
}

async function* inOrder(entries: ArchiveEntry[]) {
  yield* entries;
}

function bytes(path: string, content: string): ArchiveEntry {
  return { path, modifiedAt, bytes: Buffer.from(content) };
}

const names = [
  'plain.txt',
  'with space & (brackets) [1].txt',
  'folder/inside/deep.txt',
  'café-NFC-é.txt',
  '🌾 sheaf 👩🏽‍🌾.txt',
  'صورة الربيع.txt',
  '春のキャンペーン.txt',
  `${'n'.repeat(196)}.txt`,
  `${'folder/'.repeat(30)}far-down.txt`,
  `${'長'.repeat(80)}.txt`,
];

test.each(['store', 'deflate'] as const)(
  'a ZIP (%s) gives back every name, byte, time and mode',
  async (compression) => {
    const { file, store, pack } = await setup();
    const contents = names.map((name) => Buffer.from(`content of ${name}`));
    const entries = await Promise.all(names.map((name, index) => store(name, contents[index]!)));

    const result = await pack(entries, { compression });

    expect(result.entries).toBe(names.length);
    expect(await reopenZip(file)).toEqual(
      names.map((path, index) => ({
        path,
        content: contents[index],
        modifiedAt,
        mode: 0o644,
        deflated: compression === 'deflate',
      })),
    );
    await testWithOtherPrograms(file);
  },
);

test.each(['tar', 'tar.gz'] as const)('a %s gives back every name, byte, time and mode', async (format) => {
  const { file, store, pack } = await setup();
  const contents = new Map(names.map((name) => [name, Buffer.from(`content of ${name}`)]));
  const entries = await Promise.all([...contents].map(([name, content]) => store(name, content)));

  await pack(entries, { format });

  expect(await reopenTar(file)).toEqual(
    names.toSorted().map((path) => ({ path, content: contents.get(path), modifiedAt, mode: 0o644 })),
  );
  expect((await readFile(file)).subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))).toBe(format === 'tar.gz');
});

test.each(everyFormat)(
  'empty, small and large files and bytes lie unharmed beside one another: %o',
  async (options) => {
    const { file, store, pack } = await setup();
    const contents = new Map([
      ['a-empty.jpg', Buffer.alloc(0)],
      ['b-small.jpg', randomBytes(50_000)],
      ['c-at-the-limit.bin', randomBytes(MiB)],
      ['d-over-the-limit.bin', randomBytes(MiB + 1)],
      ['e-large.jpg', randomBytes(7 * MiB + 123)],
      ['f-compressible.txt', Buffer.alloc(3 * MiB, 'sheaf ')],
      ['g-empty.txt', Buffer.alloc(0)],
    ]);
    const entries: ArchiveEntry[] = await Promise.all([...contents].map(([name, content]) => store(name, content)));
    entries.push({ path: 'h-manifest.json', modifiedAt, bytes: new Uint8Array([123, 125]) });
    contents.set('h-manifest.json', Buffer.from('{}'));

    const result = await pack(entries, options);

    const reopened = options.format === 'zip' ? await reopenZip(file) : await reopenTar(file);
    expect(reopened.map(({ path }) => path)).toEqual([...contents.keys()]);
    for (const { path, content } of reopened) expect(content.equals(contents.get(path)!), path).toBe(true);
    const written = await readFile(file);
    expect(result).toEqual({
      entries: 8,
      size: written.length,
      sha256: createHash('sha256').update(written).digest('hex'),
    });
    if (options.format === 'zip') await testWithOtherPrograms(file);
  },
);

test('deflate shrinks what shrinks and stores what is compressed already', async () => {
  const { file, store, pack } = await setup();
  const content = Buffer.alloc(2 * MiB, 'sheaf ');
  const paths = ['large.TIF', 'photo.JPG', 'film.mp4', 'archive.zip', 'no-extension'];

  const { size } = await pack(await Promise.all(paths.map((path) => store(path, content))), { compression: 'deflate' });

  expect((await reopenZip(file)).filter((entry) => entry.deflated).map(({ path }) => path)).toEqual([
    'large.TIF',
    'no-extension',
  ]);
  expect(size).toBeGreaterThan(6 * MiB);
  expect(size).toBeLessThan(6.1 * MiB);
});

test.each(everyFormat)('the same entries give the same bytes, whenever they are packed: %o', async (options) => {
  const { store, pack } = await setup();
  const entries = [
    await store('small.jpg', randomBytes(1000)),
    await store('large.txt', Buffer.alloc(2 * MiB, 'sheaf ')),
    bytes('manifest.json', '{}'),
  ];

  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T00:00:00Z') });
  onTestFinished(() => void vi.useRealTimers());
  const first = await pack(entries, options);
  vi.setSystemTime(new Date('2027-02-03T04:05:06Z'));

  expect(await pack(entries, options)).toEqual(first);
});

test('70,000 entries make a ZIP64 that other programs open', async () => {
  const { file, pack } = await setup();
  const entries = Array.from({ length: 70_000 }, (_, index) =>
    bytes(`folder-${index % 100}/file-${index}.txt`, `${index}`),
  );

  expect(await pack(entries)).toMatchObject({ entries: 70_000 });

  const reopened = await reopenZip(file);
  expect(reopened).toHaveLength(70_000);
  expect(reopened.every(({ content }, index) => content.toString() === `${index}`)).toBe(true);
  await testWithOtherPrograms(file);
});

test('progress only grows, is told within a large entry, and ends at the totals', async () => {
  const { store, pack } = await setup();
  const entries = [await store('large.bin', randomBytes(8 * MiB)), bytes('manifest.json', '{}')];
  const seen: { entriesDone: number; bytesDone: number }[] = [];

  await pack(entries, { onProgress: (progress) => seen.push(progress) });

  expect(seen.filter(({ entriesDone }) => entriesDone === 0).length).toBeGreaterThan(4);
  expect(seen).toEqual(seen.toSorted((a, b) => a.bytesDone - b.bytesDone || a.entriesDone - b.entriesDone));
  expect(seen.at(-1)).toEqual({ entriesDone: 2, bytesDone: 8 * MiB + 2 });
});
