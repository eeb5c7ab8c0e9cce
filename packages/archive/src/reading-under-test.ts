import type { Readable } from 'node:stream';
import { expect } from 'vitest';
import type { BlobSegment, Segmented } from './archive-layout.ts';
import type { BlobSource } from './blob-source.ts';
import { layoutArchive } from './layout-archive.ts';
import { setupBlobs } from './layout-under-test.ts';

export const small = 50_000;
export const large = 1_000_000;

/** Three stored files of one size; the source of the second is up to the test. */
export function setup(size = small) {
  const blobs = setupBlobs();
  const contents = [1, 2, 3].map((fill) => Buffer.alloc(size, fill));
  const entries = contents.map((content, index) => blobs.add(`${index + 1}.bin`, content));
  const layout = layoutArchive(entries);
  const second = Array.from(layout.segments(0)).find(
    (segment): segment is BlobSegment => 'blob' in segment && segment.path === '2.bin',
  )!;

  function withSecond(open: () => Promise<Readable>): BlobSource {
    return {
      async open(blob, range) {
        if (blob !== second.blob) return blobs.source.open(blob, range);
        const stream = await open();
        blobs.opened.push(stream);
        return stream;
      },
    };
  }

  async function expectAllClosed() {
    await expect.poll(() => blobs.opened.every((stream) => stream.closed)).toBe(true);
  }

  return { ...blobs, contents, layout, second, withSecond, expectAllClosed };
}

/** Bytes that come out before the stream closes, and its error. */
export async function readUntilClosed(stream: Readable): Promise<{ received: number; error: unknown }> {
  let received = 0;
  let error: unknown = null;
  stream.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  stream.on('error', (failure) => {
    error = failure;
  });
  await new Promise((resolve) => stream.once('close', resolve));
  return { received, error };
}

export const all = ({ size }: Segmented) => ({ start: 0, end: size - 1 });

export const sizes = [small, large];
