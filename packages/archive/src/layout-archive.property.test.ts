import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BlobEntry } from './archive-entry.ts';
import { layoutArchive } from './layout-archive.ts';
import { anyFiles, readWhole, setupBlobs } from './layout-under-test.ts';

const anyArchive = fc
  .record({ files: anyFiles, closingBytes: fc.option(fc.uint8Array({ maxLength: 200 })) })
  .map(({ files, closingBytes }) => {
    const blobs = setupBlobs();
    const entries: BlobEntry[] = files.map(({ path, content, modifiedAt }) => blobs.add(path, content, modifiedAt));
    const closing =
      closingBytes === null ? [] : [{ path: 'manifest.json', modifiedAt: new Date(0), bytes: closingBytes }];
    return { ...blobs, entries, closing };
  });

test('segments are contiguous, never empty, and as long together as the archive', () => {
  fc.assert(
    fc.property(anyArchive, ({ entries, closing }) => {
      const layout = layoutArchive(entries, { closing });
      let end = 0;
      for (const segment of layout.segments(0)) {
        expect(segment.start).toBe(end);
        expect(segment.size).toBeGreaterThan(0);
        expect('blob' in segment ? segment.blob.size : segment.bytes.length).toBe(segment.size);
        end += segment.size;
      }
      expect(end).toBe(layout.size);
    }),
  );
});

test('segments from any byte are those of the whole from the one that holds it', () => {
  fc.assert(
    fc.property(anyArchive, fc.double({ min: 0, max: 1.01, noNaN: true }), ({ entries, closing }, share) => {
      const layout = layoutArchive(entries, { closing });
      const from = Math.floor(share * layout.size);
      const all = [...layout.segments(0)];
      expect([...layout.segments(from)]).toEqual(all.filter(({ start, size }) => start + size > from));
    }),
  );
});

test('any range that is read is that slice of the whole', async () => {
  await fc.assert(
    fc.asyncProperty(anyArchive, fc.nat(), fc.nat(), async ({ entries, closing, source }, anyStart, anyLength) => {
      const layout = layoutArchive(entries, { closing });
      const whole = await readWhole(layout, source);
      const start = anyStart % layout.size;
      const end = start + (anyLength % (layout.size - start));
      expect(await readWhole(layout, source, { start, end })).toEqual(whole.subarray(start, end + 1));
    }),
  );
});

test('the order in which entries are given changes neither the bytes nor the entity tag', async () => {
  await fc.assert(
    fc.asyncProperty(anyArchive, fc.infiniteStream(fc.nat()), async ({ entries, closing, source }, random) => {
      const shuffled = entries.toSorted(() => ((random.next().value ?? 0) % 3) - 1);
      const [one, other] = [entries, shuffled].map((given) => layoutArchive(given, { closing }));
      expect(other!.etag).toBe(one!.etag);
      expect(await readWhole(other!, source)).toEqual(await readWhole(one!, source));
    }),
  );
});

test('entries lie in the order of their paths as UTF-8 bytes', () => {
  fc.assert(
    fc.property(anyArchive, ({ entries }) => {
      const order = Array.from(layoutArchive(entries).segments(0)).flatMap((segment) =>
        'blob' in segment ? [segment.path] : [],
      );
      const expected = entries.filter(({ blob }) => blob.size > 0).map(({ path }) => path);
      expect(order).toEqual(expected.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
});

test('another path, time, size, CRC-32 or digest of any entry is another entity tag', () => {
  fc.assert(
    fc.property(anyArchive, fc.nat(), ({ entries, closing }, anyIndex) => {
      const index = anyIndex % entries.length;
      const entry = entries[index]!;
      const changes: BlobEntry[] = [
        { ...entry, path: `${entry.path}~` },
        { ...entry, modifiedAt: new Date(entry.modifiedAt.getTime() > 0 ? -1_000_000 : 1_000_000) },
        { ...entry, blob: { ...entry.blob, size: entry.blob.size + 1 } },
        { ...entry, blob: { ...entry.blob, crc32: (entry.blob.crc32 ^ 1) >>> 0 } },
        { ...entry, blob: { ...entry.blob, sha256: 'f'.repeat(64) } },
      ];
      const tags = [entry, ...changes].map((changed) => layoutArchive(entries.with(index, changed), { closing }).etag);
      expect(new Set(tags).size).toBe(tags.length);
    }),
  );
});
