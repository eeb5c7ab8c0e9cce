import { expect, test } from 'vitest';
import { openArchive } from './open-archive.ts';
import { takeStock } from './take-stock.ts';
import { type BundleFiles, setupBundles } from './testing/bundle.ts';
import { verifyArchive } from './verify-archive.ts';

test('an archive with more files, or longer names, than Sheaf makes is read no further', async () => {
  const bundles = await setupBundles();
  for (const format of ['zip', 'tar', 'tar.gz'] as const) {
    const archive = (await openArchive(await bundles.write({ format })))!;
    const limits = { maxFiles: 100, maxPathCharacters: 1_000 };
    expect((await takeStock(archive, limits)).faults).toEqual([]);
    for (const lower of [{ maxFiles: 3 }, { maxPathCharacters: 40 }]) {
      const stock = await takeStock(archive, { ...limits, ...lower });
      expect(stock.files.length).toBeLessThanOrEqual(3);
      expect(stock.faults).toMatchObject([
        { code: 'archive.unreadable', message: expect.stringMatching(/more files/) },
      ]);
    }
  }
});

const replace = (name: string, bytes: Buffer) => (files: BundleFiles) => {
  files.set(name, { ...files.get(name)!, bytes });
};

test('a signature larger than any is not kept', async () => {
  const bundles = await setupBundles();
  const file = await bundles.write({ format: 'tar.gz', tamper: replace('signature.json', Buffer.alloc(4_001, ' ')) });
  expect((await takeStock((await openArchive(file))!)).own.has('signature.json')).toBe(false);
  expect((await verifyArchive(file, bundles.keys)).faults.map(({ code }) => code)).toEqual(['signature.unreadable']);
});

test('a manifest of many megabytes that nobody signed is neither kept nor parsed', async () => {
  const bundles = await setupBundles();
  const huge = Buffer.alloc(64_000_001, '[');
  const file = await bundles.write({ format: 'tar.gz', tamper: replace('manifest.json', huge) });
  expect((await takeStock((await openArchive(file))!)).own.has('manifest.json')).toBe(false);
  expect((await verifyArchive(file, bundles.keys)).faults[0]?.code).toBe('manifest.changed');
});

test('a manifest of as many megabytes that was signed is read all the same', async () => {
  const bundles = await setupBundles();
  const file = await bundles.write({ format: 'tar', downloadName: 'x'.repeat(64_000_001) });
  expect((await takeStock((await openArchive(file))!)).own.has('manifest.json')).toBe(false);
  expect((await verifyArchive(file, bundles.keys)).faults).toEqual([]);
});

test('what nobody known signed is not parsed: of its receipt, nothing is told', async () => {
  const bundles = await setupBundles();
  const verification = await verifyArchive(await bundles.write(), new Map());
  expect(verification.faults.map(({ code }) => code)).toEqual(['key.unknown']);
  expect(verification.receipt).toBeNull();
});

test('a name that would act on a terminal is told without that', async () => {
  const bundles = await setupBundles();
  const tamper = (files: BundleFiles) =>
    files.set('\u001b[2J\u202egenuine', { bytes: Buffer.from('x'), modifiedAt: new Date() });
  const { faults } = await verifyArchive(await bundles.write({ tamper }), bundles.keys);
  expect(faults.map(({ message }) => message)).toEqual(['�[2J�genuine does not belong to this archive.']);
});
