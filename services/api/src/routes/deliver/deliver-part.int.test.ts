import { createHash, randomBytes } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import { get } from 'node:http';
import { accesses } from '@sheaf/db/schema/links';
import { AppError } from '@sheaf/domain/app-error';
import { createLogger } from '@sheaf/runtime/logger';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';
import { buildApp } from '../../build-app.ts';

/** A ready download of one asset, and how to fetch it. */
async function setup(bytes = randomBytes(2_000)) {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const asset = await api.addAsset({ renditions: ['web'] });
  const downloadId = await api.request([asset.assetId]);
  const { token, parts } = await api.publish(downloadId, [bytes]);
  const fetch = (headers: Record<string, string> = {}, options: { method?: 'GET' | 'HEAD'; path?: string } = {}) =>
    api.app.inject({ method: options.method ?? 'GET', url: `/d/${token}${options.path ?? ''}`, headers });
  return { ...api, asset, downloadId, token, part: parts[0]!, bytes, etag: `"${parts[0]!.sha256}"`, fetch };
}

describe('GET /d/{token}', () => {
  test('200: the whole archive, with exact length, strong ETag, digest and a name, to whoever holds the link', async () => {
    const { fetch, bytes, etag } = await setup();

    const response = await fetch();

    expect(response.statusCode, response.body).toBe(200);
    expect(response.rawPayload.equals(bytes)).toBe(true);
    expect(response.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-length': '2000',
      'accept-ranges': 'bytes',
      etag,
      'repr-digest': `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
      'content-disposition': `attachment; filename="Fr?hling 1.zip"; filename*=UTF-8''Fr%C3%BChling%201.zip`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(response.headers).not.toHaveProperty('transfer-encoding');
    expect(response.headers).not.toHaveProperty('last-modified');
  });

  test.each([
    ['bytes=0-0', 0, 0],
    ['bytes=500-999', 500, 999],
    ['bytes=1500-', 1_500, 1_999],
    ['bytes=-10', 1_990, 1_999],
    ['bytes=1990-99999', 1_990, 1_999],
  ])('206: %s', async (range, start, end) => {
    const { fetch, bytes, etag } = await setup();

    const response = await fetch({ range, 'if-range': etag });

    expect(response.statusCode).toBe(206);
    expect(response.rawPayload.equals(bytes.subarray(start, end + 1))).toBe(true);
    expect(response.headers).toMatchObject({
      'content-range': `bytes ${start}-${end}/2000`,
      'content-length': String(end - start + 1),
      etag,
    });
  });

  test('200: the whole for a range of something else, for ranges that are more than that and for what is no range', async () => {
    const { fetch, bytes } = await setup();
    const all: Record<string, string>[] = [
      { range: 'bytes=5-9', 'if-range': '"other"' },
      { range: 'bytes=5-9', 'if-range': 'Wed, 21 Oct 2026 07:28:00 GMT' },
      { range: 'bytes=0-1,5-6', 'if-range': '"other"' },
      { range: 'bytes=0-,0-,0-' },
      { range: 'bytes=0-1999,5-6' },
      { range: 'bytes=9-5' },
      { range: 'bytes=0-1,9-5' },
      { range: 'bytes=--5' },
      { range: 'lines=1-2' },
    ];
    for (const headers of all) {
      const response = await fetch(headers);
      expect(response.statusCode).toBe(200);
      expect(response.rawPayload.equals(bytes)).toBe(true);
    }
  });

  test('206: several ranges as parts, of which those of the file are recorded as sent', async () => {
    const { fetch, bytes, etag, db, app } = await setup();

    const response = await fetch({ range: 'bytes=1990-,0-9,5-14,2000-', 'if-range': etag });

    expect(response.statusCode).toBe(206);
    const [, boundary] = /^multipart\/byteranges; boundary=(\w+)$/.exec(response.headers['content-type'] as string)!;
    const part = (range: string, of: Buffer) =>
      `--${boundary}\r\nContent-Type: application/zip\r\nContent-Range: bytes ${range}/2000\r\n\r\n${of.toString('latin1')}\r\n`;
    const expected = `${part('1990-1999', bytes.subarray(1_990))}${part('0-14', bytes.subarray(0, 15))}--${boundary}--\r\n`;
    expect(response.rawPayload.toString('latin1')).toBe(expected);
    expect(response.headers).toMatchObject({ 'content-length': String(expected.length), etag });
    expect(response.headers).not.toHaveProperty('content-range');
    await app.accessRecorder.settled();
    expect(await db.orm.select().from(accesses)).toMatchObject([{ status: 206, rangeStart: 1_990, bytesSent: 25 }]);
  });

  test('416 for more ranges than 32, 431 for 10,000 of them: nothing is read, and the size is told', async () => {
    const { app, token } = await setup();
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const ask = (count: number) => {
      const range = `bytes=${Array.from({ length: count }, (_, n) => `${n % 2000}-${n % 2000}`).join(',')}`;
      return globalThis.fetch(`${address}/d/${token}`, { headers: { range } });
    };
    const [allowed, tooMany, oversized] = [await ask(32), await ask(33), await ask(10_000)];
    // They follow each other, and so are one.
    expect([allowed.status, allowed.headers.get('content-range')]).toEqual([206, 'bytes 0-31/2000']);
    await allowed.bytes();
    expect([tooMany.status, tooMany.headers.get('content-range')]).toEqual([416, 'bytes */2000']);
    expect(await tooMany.json()).toMatchObject({ status: 416, code: 'input.invalid' });
    expect(await oversized.json()).toMatchObject({ status: 431, code: 'input.too_large' });
  });

  test('304 for who has it, 412 for who wants another, 416 for a range past the end', async () => {
    const { fetch, etag } = await setup();

    const known = await fetch({ 'if-none-match': etag });
    const other = await fetch({ 'if-match': '"other"' });
    const past = await fetch({ range: 'bytes=2000-' });

    expect([known.statusCode, known.body, known.headers.etag]).toEqual([304, '', etag]);
    expect([other.statusCode, other.json()]).toMatchObject([412, { status: 412, code: 'input.invalid' }]);
    expect([past.statusCode, past.headers['content-range']]).toEqual([416, 'bytes */2000']);
    expect(past.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(past.json()).toMatchObject({ status: 416, code: 'input.invalid' });
  });

  test('HEAD: the headers of a GET without the bytes, and no record of an access', async () => {
    const { fetch, etag, db } = await setup();

    const response = await fetch({ range: 'bytes=0-0' }, { method: 'HEAD' });

    expect([response.statusCode, response.body]).toEqual([200, '']);
    expect(response.headers).toMatchObject({ 'content-length': '2000', etag, 'accept-ranges': 'bytes' });
    await fetch();
    await vi.waitFor(async () => expect(await db.orm.$count(accesses)).toBe(1));
  });

  test('several parts have an address each; the bare link is the first and names the next', async () => {
    const api = await setupDownloads();
    onTestFinished(api.close);
    const downloadId = await api.request([(await api.addAsset({ renditions: ['web'] })).assetId]);
    const [first, second] = [randomBytes(100), randomBytes(50)];
    const { token } = await api.publish(downloadId, [first, second]);

    const bare = await api.app.inject({ url: `/d/${token}` });
    const last = await api.app.inject({ url: `/d/${token}/2` });
    const urls = (await api.get(`/downloads/${downloadId}`))
      .json()
      .bundle.parts.map((part: { url: string }) => part.url);

    expect(bare.rawPayload.equals(first)).toBe(true);
    expect(bare.headers.link).toBe(`</d/${token}/2>; rel="next"`);
    expect(last.rawPayload.equals(second)).toBe(true);
    expect(last.headers.link).toBeUndefined();
    expect(urls).toEqual([`/d/${token}/1`, `/d/${token}/2`]);
  });

  test('404 for a token that is unknown, tampered with or no token, and for a part that is not there', async () => {
    const { fetch, token, app } = await setup();
    const flipped = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    const urls = [`/d/${flipped}`, `/d/${token}x`, '/d/x', '/d/%00', `/d/${'a'.repeat(250)}`];
    for (const url of urls) {
      const response = await app.inject({ url });
      expect([response.statusCode, response.json().code], url).toEqual([404, 'resource.not_found']);
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    }
    expect((await app.inject({ url: `/d/${'a'.repeat(2_000)}` })).statusCode).toBe(413);
    for (const path of ['/2', '/0', '/01', '/-1', '/1.0', '/x', '/99999999999999999999']) {
      expect((await fetch({}, { path })).statusCode, path).toBe(404);
    }
  });

  test('410 where the archive has gone from the storage, 500 where it was cut short: never wrong bytes', async () => {
    const { fetch, part, storage } = await setup();

    await truncate(storage.objects.path(part.objectKey)!, 1_999);
    const short = await fetch();
    await storage.objects.remove(part.objectKey);
    const gone = await fetch();

    expect([short.statusCode, short.json().code]).toEqual([500, 'blob.corrupt']);
    expect([gone.statusCode, gone.json().code]).toEqual([410, 'blob.missing']);
  });

  test('429 over the limit of requests', async () => {
    const api = await setupDownloads({ settings: { RATE_LIMIT_PER_MINUTE: 2 } });
    onTestFinished(api.close);
    const answers = [];
    for (let n = 0; n < 3; n++) answers.push(await api.app.inject({ url: '/d/x' }));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 429]);
    expect(answers[2]!.headers['retry-after']).toMatch(/^\d+$/);
  });
});

describe('accesses', () => {
  test('each answered GET is recorded, with what was sent of what to whom', async () => {
    const { fetch, db, downloadId, clock } = await setup();

    await fetch({ 'user-agent': 'browser' });
    await vi.waitFor(async () => expect(await db.orm.$count(accesses)).toBe(1));
    await fetch({ range: 'bytes=500-599' });
    await vi.waitFor(async () => expect(await db.orm.$count(accesses)).toBe(2));
    await fetch({ range: 'bytes=2000-' });
    await vi.waitFor(async () => expect(await db.orm.$count(accesses)).toBe(3));

    const common = { downloadId, linkId: expect.any(String), part: 1, userId: null, ipAddress: '127.0.0.1' };
    expect(await db.orm.query.accesses.findMany({ orderBy: (row) => row.id })).toMatchObject([
      { ...common, status: 200, rangeStart: null, bytesSent: 2_000, userAgent: 'browser', at: clock() },
      { ...common, status: 206, rangeStart: 500, bytesSent: 100 },
      { ...common, status: 416, rangeStart: null, bytesSent: 0 },
    ]);
  });

  test('a download that breaks off is recorded with fewer bytes, and lets go of its file', async () => {
    const size = 64 * 1024 * 1024;
    const { app, db, token } = await setup(Buffer.alloc(size, 1));
    const address = await app.listen({ port: 0, host: '127.0.0.1' });

    await new Promise<void>((resolve, reject) => {
      const request = get(`${address}/d/${token}`, (response) => {
        response.once('data', () => {
          response.destroy();
          resolve();
        });
      });
      request.on('error', reject);
    });

    const access = await vi.waitFor(async () => {
      const [row] = await db.orm.select().from(accesses);
      expect(row!.bytesSent).toBeLessThan(size);
      return row;
    });
    expect(access).toMatchObject({ status: 200, part: 1, ipAddress: '127.0.0.1' });
    expect(await db.orm.$count(accesses)).toBe(1);
  });

  test('what is handed out is written down before its first byte', async () => {
    const { fetch, db, storage, app } = await setup();
    const read = storage.objects.read.bind(storage.objects);
    const begun: object[] = [];
    vi.spyOn(storage.objects, 'read').mockImplementation(async (...args) => {
      begun.push(...(await db.orm.select().from(accesses)));
      return read(...args);
    });
    await fetch({ range: 'bytes=500-599' });
    const intended = { status: 206, rangeStart: 500, bytesSent: 100, part: 1, linkId: expect.any(String) };
    expect(begun).toMatchObject([intended]);
    await app.accessRecorder.settled();
    expect(await db.orm.select().from(accesses)).toMatchObject([intended]);
  });

  test('what was about to be handed out and then could not be read is corrected to nothing, every time', async () => {
    const { fetch, db, storage, app } = await setup();
    const gone = new AppError('blob.missing', 'Gone.');
    vi.spyOn(storage.objects, 'read').mockRejectedValue(gone);
    for (let n = 0; n < 2; n++) expect((await fetch()).statusCode).toBe(410);
    await app.accessRecorder.settled();
    const nothing = { status: 410, bytesSent: 0 };
    expect(await db.orm.select().from(accesses)).toMatchObject([nothing, nothing]);
  });
});

test('no log line has a token in it, whatever the answer', async () => {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const downloadId = await api.request([(await api.addAsset({ renditions: ['web'] })).assetId]);
  const { token, parts } = await api.publish(downloadId);
  const lines: string[] = [];
  const logger = createLogger({ level: 'trace', name: 'api' }, { write: (line) => void lines.push(line) });
  const app = await buildApp({ ...api.deps, logger });
  onTestFinished(() => app.close());
  const linked = await app.inject({
    method: 'POST',
    url: `/api/v1/downloads/${downloadId}/links`,
    headers: api.users.requester.headers,
  });
  const shown = linked.json().url.split('/').at(-1) as string;

  const answered = [];
  for (const url of [`/d/${token}`, `/d/${token}/1`, `/d/${token}/2`, `/d/${shown}`, `/d/${token}x`]) {
    answered.push((await app.inject({ url, headers: { referer: `http://localhost/d/${token}` } })).statusCode);
  }
  await api.storage.objects.remove(parts[0]!.objectKey);
  answered.push((await app.inject({ url: `/d/${token}` })).statusCode);
  api.clock.advance(365 * 86_400_000);
  answered.push((await app.inject({ url: `/d/${token}` })).statusCode);

  expect(answered).toEqual([200, 200, 404, 200, 404, 410, 410]);
  expect(lines.filter((line) => line.includes('"answered"'))).toHaveLength(8);
  expect(lines.filter((line) => line.includes(token) || line.includes(shown))).toEqual([]);
});
