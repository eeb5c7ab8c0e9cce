import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openPromise } from 'yauzl';
import { type BundleFiles, type BundleOptions, setupBundles } from './testing/bundle.ts';
import { putTogether, takeApart, type ZipPieces } from './testing/zip-pieces.ts';
import { verifyArchive } from './verify-archive.ts';

const paths = ['b.jpg', '\u{1f33e}.jpg', 'a/z.jpg', 'c.jpg', '\uff5e.jpg', 'a.jpg'];
const contents = ['boat', 'wheat', 'zebra', 'boat', '', 'apple'].map((text) => Buffer.from(text));

/** Nothing of it can be read. */
const unreadable = ['archive.unreadable', 'manifest.missing', 'receipt.missing', 'signature.missing'];

const more = Buffer.from('more');
const joined = (...pieces: Buffer[]) => Buffer.concat(pieces);
const swapped = <T>([first, second, ...rest]: T[]) => [second!, first!, ...rest];
const inOrder = (records: ZipPieces['records']) => records.map((record, file) => ({ ...record, file }));

/** Bundles of six small files in an order that is not that of their paths. */
async function setup() {
  const bundles = await setupBundles();
  return {
    ...bundles,
    write: (options: BundleOptions = {}) => bundles.write({ contents, paths, ...options }),
    async codesOf(file: string): Promise<string[]> {
      return (await verifyArchive(file, bundles.keys)).faults.map(({ code }) => code);
    },
  };
}

describe('a ZIP of layout 2', () => {
  test('has its content in the order of the paths’ bytes, and Sheaf’s own files after it', async () => {
    const { write, codesOf } = await setup();
    const file = await write();
    const zip = await openPromise(file, { lazyEntries: true, autoClose: false });
    const found: string[] = [];
    for await (const { fileName } of zip.eachEntry()) found.push(fileName);
    zip.close();
    expect(found).toEqual([
      ...['a.jpg', 'a/z.jpg', 'b.jpg', 'c.jpg', '\uff5e.jpg', '\u{1f33e}.jpg'],
      ...['manifest.json', 'licences/Press.pdf', 'receipt.json', 'signature.json'],
    ]);
    expect(await codesOf(file)).toEqual([]);
  });

  test('that is taken apart and put together in the same way is still accepted', async () => {
    const { write, codesOf } = await setup();
    const file = await write();
    const bytes = await readFile(file);
    expect(putTogether(takeApart(bytes)).equals(bytes)).toBe(true);
    expect(await codesOf(file)).toEqual([]);
  });

  // Lengths: 30 bytes of local header, 46 of an entry in the directory, `a.jpg` and `apple`, then the extra field.
  const local = (at: number) => (zip: Buffer) => zip.readUInt32LE(record(42)(zip)) + at;
  const record = (at: number) => (zip: Buffer) => zip.readUInt32LE(zip.length - 22 + 16) + at;
  const end = (at: number) => (zip: Buffer) => zip.length - 22 + at;
  test.each<[string, (zip: Buffer) => number, string[]]>([
    ['the version that a file needs', local(4), ['layout.changed']],
    ['the flags of a file', local(7), ['layout.changed']],
    ['the time of a file', local(10), ['layout.changed']],
    ['the checksum before a file', local(14), ['layout.changed']],
    ['the size before a file', local(18), ['layout.changed']],
    ['the name before a file', local(30), ['layout.changed']],
    ['the extended time before a file', local(30 + 5 + 5), ['layout.changed']],
    ['the content of a file', local(30 + 5 + 9), ['file.changed']],
    [
      'the content of the manifest',
      (zip) => zip.indexOf('"Spring"') + 1,
      ['manifest.changed', 'receipt.contradictory'],
    ],
    ['the content of the receipt', (zip) => zip.indexOf('127.0.0.1'), ['receipt.changed']],
    ['the content of the signature', (zip) => zip.indexOf('Ed25519'), ['signature.unreadable']],
    ['the content of the terms', (zip) => zip.indexOf('%PDF'), ['file.changed']],
    ['the maker in the directory', record(5), ['layout.changed']],
    ['the time in the directory', record(12), ['layout.changed']],
    ['the checksum in the directory', record(16), ['file.changed']],
    ['the permissions in the directory', record(40), ['layout.changed']],
    ['a name in the directory', record(46), ['file.missing', 'file.unexpected']],
    ['the extended time in the directory', record(46 + 5 + 5), ['layout.changed']],
    ['the files on this disk at the end', end(8), ['layout.changed']],
    ['the size of the directory at the end', end(12), ['layout.changed']],
    ['the place of the directory at the end', end(16), unreadable],
    ['the length of the comment at the end', end(20), unreadable],
  ])('with one byte changed in %s is rejected', async (_where, place, codes) => {
    const { write, codesOf } = await setup();
    const file = await write();
    const bytes = await readFile(file);
    bytes[place(bytes)]! ^= 1;
    await writeFile(file, bytes);
    expect(await codesOf(file)).toEqual(codes);
  });

  test.each<[string, (zip: ZipPieces) => Partial<ZipPieces>, string[]]>([
    ['bytes before its start', () => ({ start: Buffer.from('PK') }), ['layout.changed']],
    [
      'bytes between two files',
      ({ files }) => ({ files: [joined(files[0]!, more), ...files.slice(1)] }),
      ['layout.changed'],
    ],
    ['bytes before its directory', ({ files }) => ({ files: [...files, more] }), ['layout.changed']],
    [
      'a file that its directory does not tell of',
      ({ files }) => ({ files: [...files, files[0]!] }),
      ['layout.changed'],
    ],
    ['bytes after its end, told as a comment', () => ({ comment: more }), ['layout.changed']],
    [
      'its files in another order',
      ({ files, records }) => ({ files: swapped(files), records: inOrder(swapped(records)) }),
      ['layout.changed'],
    ],
    ['its directory in another order', ({ records }) => ({ records: swapped(records) }), ['layout.changed']],
    ['one file twice in its directory', ({ records }) => ({ records: [...records, records[0]!] }), ['file.duplicate']],
    ['one file less in its directory', ({ records }) => ({ records: records.slice(1) }), ['file.missing']],
    [
      'two names for the content of one file',
      ({ records }) => ({ records: records.map((record, index) => (index === 3 ? { ...record, file: 2 } : record)) }),
      ['layout.changed'],
    ],
  ])('with %s is rejected', async (_what, change, codes) => {
    const { write, codesOf } = await setup();
    const file = await write();
    const pieces = takeApart(await readFile(file));
    await writeFile(file, putTogether({ ...pieces, ...change(pieces) }));
    expect(await codesOf(file)).toEqual(codes);
  });

  test('with bytes after its end, or before its start, that nothing tells of is rejected', async () => {
    const { write, codesOf } = await setup();
    const file = await write();
    const bytes = await readFile(file);
    for (const changed of [joined(bytes, more), joined(Buffer.from('PK'), bytes)]) {
      await writeFile(file, changed);
      expect(await codesOf(file)).toContain('archive.unreadable');
    }
  });

  test('whose receipt is another download’s is rejected', async () => {
    const { write, codesOf } = await setup();
    let other: BundleFiles = new Map();
    await write({
      downloadName: 'Other',
      tamper: (files) => {
        other = files;
      },
    });
    const withThose = (...names: string[]) =>
      write({ tamper: (files) => names.forEach((name) => void files.set(name, other.get(name)!)) });
    expect(await codesOf(await withThose('receipt.json'))).toEqual(['receipt.changed']);
    expect(await codesOf(await withThose('receipt.json', 'signature.json'))).toEqual([
      'manifest.changed',
      'receipt.contradictory',
    ]);
    const contradictory = await write({
      changeReceipt: (receipt) => {
        receipt.downloadId = 'other';
      },
    });
    expect(await codesOf(contradictory)).toEqual(['receipt.contradictory']);
  });
});

describe('the number of the layout', () => {
  const told = (layout: number): BundleOptions => ({
    changeReceipt: (receipt) => {
      receipt.archive.layout = layout;
    },
  });

  test.each<[string, BundleOptions, string[]]>([
    ['1, but was written in layout 2', told(1), ['layout.changed']],
    ['2, but was written in layout 1', { layout: 1, ...told(2) }, ['layout.changed']],
    ['2, and is a tar', { format: 'tar', ...told(2) }, ['receipt.contradictory']],
    ['2, and is deflated', { compression: 'deflate', ...told(2) }, ['receipt.contradictory']],
    ['0', told(0), ['receipt.contradictory']],
    ['one of a newer version', told(3), ['layout.unknown']],
  ])('of an archive that tells of %s is a fault', async (_what, options, codes) => {
    const { write, codesOf } = await setup();
    expect(await codesOf(await write(options))).toEqual(codes);
  });

  test('cannot be altered after the receipt was signed', async () => {
    const { write, codesOf } = await setup();
    const file = await write();
    const bytes = await readFile(file);
    bytes.write('"layout":1', bytes.indexOf('"layout":2'));
    await writeFile(file, bytes);
    expect(await codesOf(file)).toEqual(['receipt.changed']);
  });
});
