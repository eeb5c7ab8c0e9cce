import { randomBytes } from 'node:crypto';
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { keySetOf } from './key-set.ts';
import { newSigningKey } from './signing-key.ts';
import { type BundleFiles, setupBundles, type TestBundles } from './testing/bundle.ts';
import { verifyArchive } from './verify-archive.ts';

const setup = setupBundles;

const formats = ['zip', 'tar', 'tar.gz'] as const;

/** What is handed out, and stored ZIPs of earlier versions. */
const kinds = [
  { format: 'zip' },
  { format: 'zip', layout: 1 },
  { format: 'zip', compression: 'deflate' },
  { format: 'tar' },
  { format: 'tar.gz' },
] as const;

async function faultsOf(file: string, { keys }: Pick<TestBundles, 'keys'>): Promise<string[]> {
  return (await verifyArchive(file, keys)).faults.map(({ message }) => message);
}

/** A copy of the file's bytes with one bit of one of them changed. */
async function flipped(file: string, offset: number): Promise<string> {
  const bytes = await readFile(file);
  bytes[offset]! ^= 1;
  const copy = `${file}.changed`;
  await writeFile(copy, bytes);
  return copy;
}

describe('accepts', () => {
  test.each([
    ['zip', 2, 'whole'],
    ['zip', 1, 'whole'],
    ['tar', 1, 'whole'],
    ['tar.gz', 1, 'tar'],
  ] as const)('a %s of layout %i as it was handed out, and says what is proved: %s', async (format, layout, proved) => {
    const bundles = await setup();
    const contents = [randomBytes(3 * 1024 * 1024), Buffer.alloc(0), randomBytes(100)];
    const file = await bundles.write({ format, layout, contents });
    expect(await verifyArchive(file, bundles.keys)).toMatchObject({
      genuine: true,
      faults: [],
      layout: proved,
      kid: bundles.key.kid,
      files: 7,
      receipt: { downloadId: 'download' },
    });
  });

  test('a deflated ZIP, and says that all but how its files were deflated is proved', async () => {
    const bundles = await setup();
    const contents = [
      randomBytes(3 * 1024 * 1024),
      Buffer.alloc(0),
      Buffer.alloc(3 * 1024 * 1024, 'sea'),
      randomBytes(9),
    ];
    for (const extension of ['jpg', 'txt']) {
      const file = await bundles.write({ compression: 'deflate', contents, extension });
      expect(await verifyArchive(file, bundles.keys)).toMatchObject({ genuine: true, faults: [], layout: 'headers' });
    }
  });

  test('one part of several', async () => {
    const bundles = await setup();
    const file = await bundles.write({ part: { number: 2, of: 3 } });
    expect(await faultsOf(file, bundles)).toEqual([]);
  });
});

describe('rejects', () => {
  test.each(formats)('a %s that ends early', async (format) => {
    const bundles = await setup();
    const file = await bundles.write({ format });
    await truncate(file, (await stat(file)).size - 20);
    expect(await faultsOf(file, bundles)).not.toEqual([]);
  });

  test.each(formats)('a %s with something after its end', async (format) => {
    const bundles = await setup();
    const file = await bundles.write({ format });
    await writeFile(file, 'more', { flag: 'a' });
    expect(await faultsOf(file, bundles)).not.toEqual([]);
  });

  test.each(['', 'PK', 'no archive at all', 'PK\u0003\u0004 and so on'])('%j, which is no archive', async (content) => {
    const bundles = await setup();
    const file = path.join(bundles.folder, 'none');
    await writeFile(file, content);
    const verification = await verifyArchive(file, bundles.keys);
    expect(verification).toMatchObject({ genuine: false, receipt: null });
    expect(verification.faults[0]?.code).toBe('archive.unreadable');
  });

  const change = (name: string, edit: (bytes: Buffer) => Buffer) => (files: BundleFiles) => {
    const file = files.get(name)!;
    files.set(name, { ...file, bytes: edit(file.bytes) });
  };
  const replaceText = (from: string, to: string) => (bytes: Buffer) => Buffer.from(String(bytes).replace(from, to));

  test.each<[string, (files: BundleFiles) => void, string[]]>([
    [
      'a changed manifest',
      change('manifest.json', replaceText('Spring', 'Autumn')),
      ['manifest.json is not the one that was signed.', 'receipt.json was made for another manifest.json.'],
    ],
    [
      'a changed receipt',
      change('receipt.json', replaceText('127.0.0.1', '127.0.0.2')),
      ['receipt.json is not the one that was signed.'],
    ],
    [
      'a changed signature',
      change('signature.json', replaceText('"manifestSha256":"', '"manifestSha256": "')),
      ['signature.json is not one that this version of Sheaf can read.'],
    ],
    ['a file removed', (files) => files.delete('größe/0.jpg'), ['größe/0.jpg is missing.']],
    [
      'a file added',
      (files) => files.set('extra.jpg', { bytes: Buffer.from('x'), modifiedAt: new Date() }),
      ['extra.jpg does not belong to this archive.'],
    ],
    [
      'two files swapped',
      (files) => {
        const [first, second] = [files.get('größe/0.jpg')!, files.get('größe/1.jpg')!];
        files.set('größe/0.jpg', second).set('größe/1.jpg', first);
      },
      ['größe/0.jpg has 5 bytes instead of 4.', 'größe/1.jpg has 4 bytes instead of 5.'],
    ],
    [
      'a file with another content of the same size',
      change('größe/0.jpg', () => Buffer.from('goat')),
      ['größe/0.jpg has another content than the one that was handed out.'],
    ],
    [
      'other terms',
      change('licences/Press.pdf', () => Buffer.from('%PDF other')),
      ['licences/Press.pdf has another content than the one that was handed out.'],
    ],
    ['the terms removed', (files) => files.delete('licences/Press.pdf'), ['licences/Press.pdf is missing.']],
    ['the manifest removed', (files) => files.delete('manifest.json'), ['manifest.json is missing.']],
    ['the receipt removed', (files) => files.delete('receipt.json'), ['receipt.json is missing.']],
    ['the signature removed', (files) => files.delete('signature.json'), ['signature.json is missing.']],
  ])('%s, and says so', async (_what, tamper, messages) => {
    const bundles = await setup();
    for (const options of kinds) {
      expect(await faultsOf(await bundles.write({ ...options, tamper }), bundles)).toEqual(messages);
    }
  });

  test.each<[string, (files: BundleFiles) => void, RegExp]>([
    [
      'files in another order',
      (files) => {
        const first = files.get('größe/0.jpg')!;
        files.delete('größe/0.jpg');
        files.set('größe/0.jpg', first);
      },
      /not laid out as Sheaf does it|is not what Sheaf writes/,
    ],
    [
      'another time of a file',
      (files) => {
        files.get('größe/1.jpg')!.modifiedAt = new Date('2020-01-01');
      },
      /größe\/1\.jpg,? is not what Sheaf writes for these files\.$/,
    ],
  ])('%s, though every file is as it was', async (_what, tamper, message) => {
    const bundles = await setup();
    for (const options of kinds) {
      expect(await faultsOf(await bundles.write({ ...options, tamper, unsorted: true }), bundles)).toEqual([
        expect.stringMatching(message),
      ]);
    }
  });

  test('what another key signed, in its own name or in that of a known one', async () => {
    const bundles = await setup();
    const file = await bundles.write();
    const other = newSigningKey();
    expect(await faultsOf(file, { keys: keySetOf([other.publicKey]) })).toEqual([
      `signature.json names the key ${bundles.key.kid}, which is not among yours.`,
    ]);
    const disguised = new Map([[bundles.key.kid, other.publicKey]]);
    expect(await faultsOf(file, { keys: disguised })).toEqual([
      'The signature in signature.json was not made by the key that it names.',
    ]);
  });

  test('two files of one name', async () => {
    const bundles = await setup();
    const name = 'größe/1.jpg';
    const file = await bundles.write({ contents: [Buffer.from('boat'), Buffer.from('goat')] });
    const bytes = await readFile(file);
    for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) bytes.write('größe/0.jpg', at);
    await writeFile(file, bytes);
    expect(await faultsOf(file, bundles)).toContain('größe/0.jpg is there more than once.');
  });

  test('a stored ZIP that was compressed anew, though every file is as it was', async () => {
    const bundles = await setup();
    const file = await bundles.write({
      compression: 'deflate',
      changeReceipt: (receipt) => {
        receipt.archive.compression = 'store';
      },
    });
    expect(await faultsOf(file, bundles)).toEqual([expect.stringMatching(/is not what Sheaf writes/)]);
  });

  test('an archive in another format than it was handed out in', async () => {
    const bundles = await setup();
    const packed = await bundles.write({ format: 'tar.gz' });
    const file = path.join(bundles.folder, 'unpacked.tar');
    await writeFile(file, gunzipSync(await readFile(packed)));
    expect(await faultsOf(file, bundles)).toEqual(['It is a tar, and was handed out as a tar.gz.']);
  });

  test('a receipt that tells of no acceptance, of other assets, or of a layout to come', async () => {
    const bundles = await setup();
    const file = await bundles.write({
      changeReceipt(receipt) {
        receipt.licences[0]!.acceptedAt = null;
        receipt.assets.pop();
        receipt.archive.layout = 3;
      },
    });
    expect(await faultsOf(file, bundles)).toEqual([
      'It was made by a newer Sheaf: receipt.json tells of the layout 3, which this version does not know.',
      'receipt.json tells of no acceptance of the licence “Press”.',
      'receipt.json lists other assets than manifest.json does for this part.',
    ]);
  });

  test('a byte changed in a large file, and names the file', async () => {
    const bundles = await setup();
    const file = await bundles.write({ contents: [randomBytes(1_000), randomBytes(5_000_000)] });
    const copy = await flipped(file, 3_000_000);
    expect(await faultsOf(copy, bundles)).toEqual([expect.stringContaining('größe/1.jpg')]);
  });
});
