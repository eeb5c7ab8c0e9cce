import { expect, test } from 'vitest';
import { planBody } from './plan-body.ts';

const file = { etag: '"abc"', size: 1_000, mediaType: 'application/zip' };

/** The body as sent, with `#` for each byte of the file. */
function bodyOf(plan: ReturnType<typeof planBody>): string {
  return plan.pieces.map((piece) => ('bytes' in piece ? piece.bytes.toString() : '#'.repeat(piece.length))).join('');
}

test('the whole and a single range are sent as they are', () => {
  expect(planBody(file, [])).toEqual({
    headers: { 'content-type': 'application/zip', 'content-length': '1000' },
    pieces: [{ range: undefined, length: 1_000 }],
    fileBytes: 1_000,
  });
  expect(planBody(file, [{ start: 10, end: 19 }])).toEqual({
    headers: { 'content-type': 'application/zip', 'content-length': '10', 'content-range': 'bytes 10-19/1000' },
    pieces: [{ range: { start: 10, end: 19 }, length: 10 }],
    fileBytes: 10,
  });
});

test('an empty file has nothing to be opened for', () => {
  expect(planBody({ ...file, size: 0 }, [])).toMatchObject({ headers: { 'content-length': '0' }, pieces: [] });
});

test('several ranges are parts with a type and a place each, and the length is that of all of it', () => {
  const plan = planBody(file, [
    { start: 990, end: 999 },
    { start: 0, end: 2 },
  ]);
  const boundary = /^multipart\/byteranges; boundary=([0-9a-f]{40})$/.exec(plan.headers['content-type']!)![1];
  const body = bodyOf(plan);
  expect(body.split('\r\n')).toEqual([
    `--${boundary}`,
    'Content-Type: application/zip',
    'Content-Range: bytes 990-999/1000',
    '',
    '##########',
    `--${boundary}`,
    'Content-Type: application/zip',
    'Content-Range: bytes 0-2/1000',
    '',
    '###',
    `--${boundary}--`,
    '',
  ]);
  expect(plan.headers['content-length']).toBe(String(body.length));
  expect(plan.headers).not.toHaveProperty('content-range');
  expect(plan.fileBytes).toBe(13);
});

test.each([
  [[], [0, 699, 700, 999]],
  [[{ start: 600, end: 700 }], [600, 699, 700, 700]],
  [[{ start: 600, end: 699 }], [600, 699]],
  [[{ start: 700, end: 710 }], [700, 710]],
  [
    [
      { start: 990, end: 999 },
      { start: 0, end: 900 },
    ],
    [990, 999, 0, 699, 700, 900],
  ],
])('nothing is opened across a seam: %j', (ranges, bounds) => {
  const plan = planBody({ ...file, seam: 700 }, ranges);
  const opened = plan.pieces.flatMap((piece) => ('range' in piece ? [piece.range?.start, piece.range?.end] : []));
  expect(opened).toEqual(bounds);
  expect(plan.headers['content-length']).toBe(String(bodyOf(plan).length));
  expect({ ...plan, pieces: [] }).toEqual({ ...planBody(file, ranges), pieces: [] });
});

test('the boundary is the same for the same file, and another for another', () => {
  const typeOf = (etag: string) =>
    planBody({ ...file, etag }, [
      { start: 0, end: 1 },
      { start: 5, end: 6 },
    ]).headers['content-type'];
  expect(typeOf('"a"')).toBe(typeOf('"a"'));
  expect(typeOf('"a"')).not.toBe(typeOf('"b"'));
});
