import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { layoutArchive } from '@sheaf/archive/layout-archive';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { archivePrograms, unpackPrograms } from './archive-programs.ts';
import { matrix } from './matrix.ts';
import { SparseContent } from './sparse-content.ts';

/** Seconds that every reader shows exactly; others are shown as the nearest DOS time, in the time zone of who reads. */
const exactTimes = { from: 0, to: 2 ** 31 - 1 };

test('an archive of no entries is never made', () => {
  expect(() => layoutArchive([])).toThrow(expect.objectContaining({ code: 'download.empty' }));
});

describe.each(matrix)('$name', ({ unpack, entries: makeEntries }) => {
  const content = new SparseContent();
  const entries = makeEntries(content);
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sheaf-archives-'));
    file = join(folder, 'archive.zip');
    await content.write(file, entries);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(Object.keys(archivePrograms))('%s reads all of it without a complaint', async (program) => {
    expect(await archivePrograms[program]!(file, entries)).toBe('');
  });

  if (!unpack) return;
  test.each(Object.keys(unpackPrograms))('%s unpacks the same files', async (program) => {
    const target = await mkdtemp(join(folder, `${program}-`));
    await unpackPrograms[program]!(file, target);

    const named = (path: string) => (program === 'bsdtar' ? path.normalize('NFC') : path);
    const found = await readdir(target, { recursive: true, withFileTypes: true });
    const files = found.filter((item) => item.isFile()).map((item) => join(item.parentPath, item.name));
    expect(files.map((path) => relative(target, path)).sort()).toEqual(entries.map(({ path }) => named(path)).sort());
    for (const { path, blob, modifiedAt } of entries) {
      const bytes = await readFile(join(target, named(path)));
      expect(bytes.length).toBe(blob.size);
      expect(bytes.subarray(0, Buffer.byteLength(path)).toString()).toBe(path.slice(0, blob.size));
      const seconds = modifiedAt.getTime() / 1000;
      // Python's zipfile sets no times.
      if (program === 'python' || seconds < exactTimes.from || seconds > exactTimes.to) continue;
      expect({ path, seconds: (await stat(join(target, named(path)))).mtimeMs / 1000 }).toEqual({ path, seconds });
    }
  });
});
