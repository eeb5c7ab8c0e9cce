import { execFile } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { ArchiveEntry } from './archive-entry.ts';
import { everyFormat } from './packing-under-test.ts';
import { writeWithArchiver } from './write-with-archiver.ts';

const blob = { sha256: '0'.repeat(64), size: 500_000, crc32: 0 };

async function* entries(count: number): AsyncGenerator<ArchiveEntry> {
  for (let index = 0; index < count; index += 1) yield { path: `${index}.bin`, modifiedAt: new Date(0), blob };
}

test.each(everyFormat)('one source is open at a time, in the order of the entries: %o', async (options) => {
  const opened: string[] = [];
  let open = 0;
  let mostOpen = 0;

  await writeWithArchiver({
    ...options,
    entries: entries(20),
    async open(entry) {
      opened.push(entry.path);
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      return Readable.from([Buffer.alloc(blob.size)]).once('close', () => {
        open -= 1;
      });
    },
    sink: new Writable({ write: (_chunk, _encoding, done) => done() }),
    signal: new AbortController().signal,
  });

  expect(mostOpen).toBe(1);
  expect(opened).toEqual(Array.from({ length: 20 }, (_, index) => `${index}.bin`));
});

test.each([everyFormat[0], everyFormat[2]])('a slow sink holds the sources back: %o', async (options) => {
  let read = 0;
  let written = 0;
  let mostAhead = 0;

  await writeWithArchiver({
    ...options,
    entries: entries(100),
    async open() {
      read += blob.size;
      mostAhead = Math.max(mostAhead, read - written);
      return Readable.from([Buffer.alloc(blob.size)]);
    },
    sink: new Writable({
      write(chunk: Buffer, _encoding, done) {
        setTimeout(() => {
          written += chunk.length;
          done();
        }, 2);
      },
    }),
    signal: new AbortController().signal,
  });

  expect(written).toBeGreaterThan(100 * blob.size);
  expect(mostAhead).toBeLessThan(5_000_000);
});

test('the sink is written to in blocks, however many fields the headers have', async () => {
  let writes = 0;
  async function* manifests(): AsyncGenerator<ArchiveEntry> {
    for (let index = 0; index < 5_000; index += 1) {
      yield { path: `${index}.json`, modifiedAt: new Date(0), bytes: Buffer.from('{}') };
    }
  }

  const { size } = await writeWithArchiver({
    ...everyFormat[0],
    entries: manifests(),
    open: () => Promise.reject(new Error('there are no blobs')),
    sink: new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        writes += 1;
        setImmediate(done);
      },
    }),
    signal: new AbortController().signal,
  });

  expect(writes).toBeLessThan(size / 32_768);
});

test('20,000 files of 50 KB are packed by a process of at most 200 MB', async () => {
  const program = `
    import { Readable, Writable } from 'node:stream';
    import { writeWithArchiver } from ${JSON.stringify(new URL('./write-with-archiver.ts', import.meta.url).href)};
    const blob = { sha256: '0'.repeat(64), size: 50_000, crc32: 0 };
    async function* entries() {
      for (let index = 0; index < 20_000; index += 1) {
        yield { path: 'folder/photo-' + index + '.jpg', modifiedAt: new Date(0), blob };
      }
    }
    const { size } = await writeWithArchiver({
      entries: entries(),
      open: async () => Readable.from([Buffer.alloc(50_000)]),
      sink: new Writable({ write: (chunk, encoding, done) => done() }),
      format: 'zip',
      compression: 'store',
      signal: new AbortController().signal,
    });
    console.log(JSON.stringify({ size, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));`;

  const { stdout } = await promisify(execFile)(
    process.execPath,
    // As the worker is started: a young generation of the default size keeps some 50 MB of garbage.
    ['--max-semi-space-size=8', '--input-type=module', '--eval', program],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), timeout: 55_000 },
  );

  const { size, peakMegabytes } = JSON.parse(stdout);
  expect(size).toBeGreaterThan(1_000_000_000);
  expect(peakMegabytes).toBeLessThan(200);
});
