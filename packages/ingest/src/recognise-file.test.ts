import { noise, pngBomb } from '@sheaf/imaging/testing/pictures';
import type { Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { headBytes, recogniseFile } from './recognise-file.ts';

const recognise = (fileName: string, bytes: Buffer) =>
  recogniseFile({ fileName, size: bytes.length, head: bytes.subarray(0, headBytes), readAll: async () => bytes });

const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test('a picture is recognised by its content, whatever its name', async () => {
  const png = await noise(40, 30).png().toBuffer();
  expect(await recognise('photo.jpg', png)).toEqual({
    mediaType: 'image/png',
    picture: { width: 40, height: 30, hasAlpha: false },
  });
});

test('a picture’s size is the one it is shown with, after its EXIF orientation', async () => {
  const jpeg = await noise(40, 30).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  expect(await recognise('photo.jpg', jpeg)).toMatchObject({ picture: { width: 30, height: 40 } });
});

test('transparency is noticed', async () => {
  const webp = await noise(20, 20, 4).webp().toBuffer();
  expect(await recognise('logo.webp', webp)).toMatchObject({ mediaType: 'image/webp', picture: { hasAlpha: true } });
});

test('an SVG is a picture under its own extension alone', async () => {
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="9" height="9"/></svg>',
  );
  expect(await recognise('logo.svg', svg)).toMatchObject({ mediaType: 'image/svg+xml', picture: { width: 30 } });
  expect((await recognise('logo.txt', svg)).picture).toBeNull();
  await expect(recognise('logo.jpg', svg)).rejects.toThrow(refusal('upload.unreadable', /cannot be read as one/));
});

test('what is no picture is taken as it is', async () => {
  expect(await recognise('notes.txt', Buffer.from('notes'))).toEqual({ mediaType: 'text/plain', picture: null });
  expect(await recognise('terms', Buffer.from('%PDF-1.7\n'))).toEqual({ mediaType: 'application/pdf', picture: null });
  expect(await recognise('data.xyz123', Buffer.from('?'))).toEqual({
    mediaType: 'application/octet-stream',
    picture: null,
  });
});

test('an empty file is refused', async () => {
  await expect(recognise('photo.jpg', Buffer.alloc(0))).rejects.toThrow(refusal('upload.empty', /empty/));
});

test('a text file named .jpg is refused', async () => {
  const text = Buffer.from('This is no picture.');
  await expect(recognise('photo.JPG', text)).rejects.toThrow(refusal('upload.unreadable', /named as a picture/));
});

const encoders = {
  jpeg: (picture: Sharp) => picture.jpeg(),
  'progressive jpeg': (picture: Sharp) => picture.jpeg({ progressive: true }),
  png: (picture: Sharp) => picture.png(),
  webp: (picture: Sharp) => picture.webp(),
  gif: (picture: Sharp) => picture.gif(),
  tiff: (picture: Sharp) => picture.tiff({ compression: 'lzw' }),
  avif: (picture: Sharp) => picture.avif({ effort: 0 }),
};

test.each(Object.entries(encoders))('a %s cut short at any point is refused', async (format, encode) => {
  const whole = await encode(noise(300, 200)).toBuffer();
  const name = `photo.${format.split(' ').at(-1)}`;
  expect((await recognise(name, whole)).picture).toMatchObject({ width: 300, height: 200 });
  for (const share of [0.01, 0.1, 0.5, 0.9, 0.99]) {
    const cut = whole.subarray(0, Math.ceil(whole.length * share));
    await expect(recognise(name, cut), `${share} of it`).rejects.toThrow(refusal('upload.unreadable', /./));
  }
});

test('a JPEG cut short is said to be incomplete', async () => {
  const jpeg = await noise(300, 200).jpeg().toBuffer();
  const cut = jpeg.subarray(0, jpeg.length - 500);
  await expect(recognise('photo.jpg', cut)).rejects.toThrow(refusal('upload.unreadable', /ends early/));
});

test('of pictures that are read side by side, each is said to have its own fault', async () => {
  const cut = (await noise(400, 300).jpeg().toBuffer()).subarray(0, 20_000);
  const reasons = await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const error = await recognise('a.jpg', n % 2 === 0 ? cut : Buffer.from('text')).catch((cause: Error) => cause);
      return error instanceof Error ? error.message : 'taken';
    }),
  );
  const even = (n: number) => n % 2 === 0;
  expect(new Set(reasons.filter((_, n) => even(n)))).toEqual(new Set([expect.stringContaining('incomplete')]));
  expect(new Set(reasons.filter((_, n) => !even(n)))).toEqual(
    new Set([expect.stringContaining('cannot be read as one')]),
  );
});

test('a picture of 30,000 by 30,000 pixels is refused before it is decoded', async () => {
  const bomb = pngBomb(30_000);
  expect(bomb.length).toBeLessThan(200_000);
  const before = process.memoryUsage.rss();
  await expect(recognise('bomb.png', bomb)).rejects.toThrow(refusal('upload.unreadable', /268 million pixels/));
  expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
});

test('a picture too large to decode in memory is kept without renditions', async () => {
  const jpeg = await noise(30, 20).jpeg().toBuffer();
  const huge = {
    fileName: 'huge.jpg',
    size: 600 * 1024 * 1024,
    head: jpeg,
    readAll: () => Promise.reject(new Error('read')),
  };
  expect(await recogniseFile(huge)).toEqual({ mediaType: 'image/jpeg', picture: null });
});
