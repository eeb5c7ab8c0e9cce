import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { AppError } from '@sheaf/domain/app-error';
import { openFileRange } from '@sheaf/storage/file-range-stream';
import { describe, expect, test, vi } from 'vitest';
import { partsOf, setupSending } from './sending-under-test.ts';

describe('a file is sent', () => {
  test('whole: many chunks in order, with exact length; hooks run, and every byte is counted', async () => {
    const { fetch, bytes, etag, told, handles } = await setupSending({ size: 5_000_001 });
    const answer = await fetch();
    expect(answer.status).toBe(200);
    expect(answer.body.equals(bytes)).toBe(true);
    expect(answer.headers).toMatchObject({
      'content-length': '5000001',
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename=archive.zip',
      'accept-ranges': 'bytes',
      'x-hook': 'ran',
      etag,
    });
    expect(answer.headers).not.toHaveProperty('repr-digest');
    await vi.waitFor(() => expect(told.responses).toBe(1));
    expect([told.begun, told.sent]).toEqual([[{ status: 200, rangeStart: null, bytes: 5_000_001 }], 5_000_001]);
    expect(handles()).toBe(0);
  });

  test('with a digest where its SHA-256 is known, which need not be its ETag', async () => {
    const sha256 = createHash('sha256').update('known').digest('hex');
    const { fetch, etag } = await setupSending({ file: { sha256 } });
    expect((await fetch()).headers).toMatchObject({
      etag,
      'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    });
    const named = await setupSending({ file: { sha256, etag: undefined } as object });
    expect((await named.fetch()).headers.etag).toBe(`"${sha256}"`);
  });

  test('in several ranges: each with its place, exact length, one open at a time, its bytes counted', async () => {
    const { fetch, bytes, told, mostOpen, sources, handles } = await setupSending({ size: 3_000_000 });
    const answer = await fetch({ range: 'bytes=-5,0-0,100-1999999,9999999-,2000000-2500000,40-60,50-70' });
    expect([answer.status, answer.headers['content-range']]).toEqual([206, undefined]);
    expect(answer.headers['content-length']).toBe(String(answer.body.length));
    const expected = [
      [2_999_995, 2_999_999],
      [0, 0],
      [100, 2_500_000],
      [40, 70],
    ] as const;
    const parts = partsOf(answer);
    expect(parts.map(({ range }) => range)).toEqual(expected.map(([start, end]) => `${start}-${end}/3000000`));
    for (const [index, [start, end]] of expected.entries()) {
      expect(parts[index]!.bytes.equals(bytes.subarray(start, end + 1)), `part ${index}`).toBe(true);
    }
    const count = 5 + 1 + 2_499_901 + 31;
    await vi.waitFor(() => expect(told.responses).toBe(1));
    expect([told.begun, told.sent]).toEqual([[{ status: 206, rangeStart: 2_999_995, bytes: count }], count]);
    expect([sources.length, mostOpen(), handles()]).toEqual([4, 1, 0]);
  });

  test('in as many ranges as are allowed, byte for byte the same each time', async () => {
    const { fetch, bytes } = await setupSending();
    const range = `bytes=${Array.from({ length: 32 }, (_, n) => `${n * 50}-${n * 50 + 9}`).join(',')}`;
    const [first, second] = [await fetch({ range }), await fetch({ range })];
    expect(first.body.equals(second.body)).toBe(true);
    expect(Buffer.concat(partsOf(first).map((part) => part.bytes))).toEqual(
      Buffer.concat(Array.from({ length: 32 }, (_, n) => bytes.subarray(n * 50, n * 50 + 10))),
    );
  });

  test.each(['bytes=5-9,100000-', 'bytes=5-6,7-9', 'bytes=9-9,5-8'])(
    'as a plain range where only one is left of several: %s',
    async (range) => {
      const { fetch, bytes } = await setupSending();
      const answer = await fetch({ range });
      expect([answer.status, answer.headers['content-range']]).toEqual([206, 'bytes 5-9/2000']);
      expect(answer.headers['content-type']).toBe('application/zip');
      expect(answer.body.equals(bytes.subarray(5, 10))).toBe(true);
    },
  );

  test('one answer after the other on one connection, several asked for at once', async () => {
    const { port, bytes } = await setupSending();
    const asked = ['bytes=0-9', 'bytes=0-0,10-19', 'bytes=1990-', 'bytes=7-1'];
    const socket = connect(port, '127.0.0.1');
    socket.write(asked.map((range) => `GET / HTTP/1.1\r\nHost: x\r\nRange: ${range}\r\n\r\n`).join(''));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nRange: bytes=1-1\r\nConnection: close\r\n\r\n');
    const answered = Buffer.concat(await socket.toArray());
    const statuses = answered.toString('latin1').match(/HTTP\/1\.1 \d+/g);
    expect(statuses).toEqual(['206', '206', '206', '200', '206'].map((status) => `HTTP/1.1 ${status}`));
    expect(answered.subarray(-1)).toEqual(bytes.subarray(1, 2));
  });

  test('to nobody who asks with HEAD: its headers, and nothing is opened', async () => {
    const { fetch, sources, etag, told } = await setupSending();
    const answer = await fetch({ range: 'bytes=0-5,10-15' }, { method: 'HEAD' });
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    expect(answer.headers).toMatchObject({ 'content-length': '2000', etag, 'content-type': 'application/zip' });
    expect([sources, told.sent]).toEqual([[], 0]);
  });

  test('even if it is empty', async () => {
    const { fetch } = await setupSending({ size: 0 });
    const whole = await fetch();
    expect([whole.status, whole.headers['content-length']]).toEqual([200, '0']);
    expect((await fetch({ range: 'bytes=0-' })).headers['content-range']).toBe('bytes */0');
  });
});

describe('a file that is not what it should be', () => {
  test.each([
    ['cannot be opened', () => Promise.reject(new AppError('blob.missing', 'Gone.'))],
    ['fails before its first byte', async () => failing([], new AppError('blob.missing', 'Gone.'))],
    ['has nothing', async () => Readable.from([])],
  ])('%s: an error, with nothing of its headers', async (_, open: () => Promise<Readable>) => {
    const { fetch, handles, told } = await setupSending({ open });
    const answer = await fetch({ range: 'bytes=0-5,10-15' });
    expect(answer.status).toBe(500);
    for (const name of ['etag', 'content-disposition', 'accept-ranges'])
      expect(answer.headers).not.toHaveProperty(name);
    expect([handles(), told.sent]).toEqual([0, 0]);
  });

  test.each([
    ['fails half-way', async () => failing([Buffer.alloc(1_000)], new AppError('storage.unavailable', 'Away.'))],
    ['ends early', async () => Readable.from([Buffer.alloc(1_999)])],
    ['is destroyed half-way', async () => failing([Buffer.alloc(1_000)], null)],
    ['has one byte too many', async () => Readable.from([Buffer.alloc(1_999), Buffer.alloc(2)])],
  ])('%s: the connection is cut, never ended, and the log says why', async (_, open) => {
    const { fetch, told, sources } = await setupSending({ open });
    await expect(fetch()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(told.errors).toEqual([expect.any(AppError)]);
    expect(sources.every(({ destroyed }) => destroyed)).toBe(true);
  });

  test('has a type that no header can hold: an error, and nothing stays open', async () => {
    const { fetch, handles } = await setupSending({ file: { mediaType: 'image/\u0000' } });
    expect((await fetch()).status).toBe(500);
    expect((await fetch({}, { method: 'HEAD' })).status).toBe(500);
    await vi.waitFor(() => expect(handles()).toBe(0));
  });

  test('ends early in the second of two ranges: cut as well', async () => {
    const { fetch, told } = await setupSending({
      open: async (range, path) => (range?.start === 0 ? openFileRange(path, range) : Readable.from([Buffer.alloc(3)])),
    });
    await expect(fetch({ range: 'bytes=0-9,100-109' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(told.errors).toEqual([expect.objectContaining({ code: 'blob.corrupt' })]);
  });
});

/** Gives the chunks, one at a time, and then fails. */
function failing(chunks: Buffer[], error: Error | null): Readable {
  return new Readable({
    read() {
      const chunk = chunks.shift();
      if (chunk === undefined) setImmediate(() => this.destroy(error ?? undefined));
      else this.push(chunk);
    },
  });
}
