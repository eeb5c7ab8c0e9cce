import type { ImageParameters } from '@sheaf/domain/image-parameters';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { renderDerivative } from './render-derivative.ts';
import { parameters } from './testing/parameters.ts';
import { halves, noise, pixelAt, pngBomb } from './testing/pictures.ts';

const render = (bytes: Buffer, mediaType: string, given: Partial<ImageParameters> = {}) =>
  renderDerivative({ source: { bytes }, mediaType, parameters: parameters(given) });

const unreadable = expect.objectContaining({
  code: 'render.failed',
  detail: expect.objectContaining({ cause: 'unreadable' }),
  message: expect.stringMatching(/^(The|It) .+\.$/),
});

const isRed = ([r, g, b]: number[]) => r! > 200 && g! < 60 && b! < 60;

test('of an animated GIF, the first frame is rendered', async () => {
  const frames = await Promise.all(
    ['#ff0000', '#0000ff'].map((colour) => halves(200, 100, colour, colour).png().toBuffer()),
  );
  const gif = await sharp(frames, { join: { animated: true } })
    .gif({ loop: 0, delay: [50, 50] })
    .toBuffer();
  expect((await sharp(gif).metadata()).pages).toBe(2);
  for (const format of ['webp', 'jpeg'] as const) {
    const { bytes, width, height } = await render(gif, 'image/gif', { format });
    expect([width, height]).toEqual([200, 100]);
    expect((await sharp(bytes).metadata()).pages ?? 1).toBe(1);
    expect(isRed(await pixelAt(bytes, 50, 50))).toBe(true);
  }
});

test('a CMYK TIFF becomes an sRGB JPEG with its colours', async () => {
  const tiff = await halves(400, 300, '#ffffff', '#202020').toColourspace('cmyk').tiff().toBuffer();
  expect((await sharp(tiff).metadata()).space).toBe('cmyk');
  const { bytes } = await render(tiff, 'image/tiff');
  expect((await sharp(bytes).metadata()).space).toBe('srgb');
  expect(Math.min(...(await pixelAt(bytes, 10, 50)))).toBeGreaterThan(235);
  expect(Math.max(...(await pixelAt(bytes, 90, 50)))).toBeLessThan(80);
});

const deep = () => halves(400, 300, '#b46e3c', '#b46e3c').toColourspace('rgb16');

test.each([
  ['without a profile', () => deep().png()],
  ['in P3', () => deep().withIccProfile('p3').png()],
])('a PNG with 16 bits a channel %s keeps its colours', async (_, make) => {
  const png = await make().toBuffer();
  expect((await sharp(png).metadata()).depth).toBe('ushort');
  const { bytes } = await render(png, 'image/png', { format: 'png' });
  expect((await sharp(bytes).metadata()).depth).toBe('uchar');
  for (const [i, value] of (await pixelAt(bytes, 50, 50)).slice(0, 3).entries()) {
    expect(Math.abs(value - [0xb4, 0x6e, 0x3c][i]!)).toBeLessThanOrEqual(2);
  }
});

/** What is at top left of the stored pixels, by EXIF orientation, where a red quarter is to be shown at top left. */
const redQuarterStoredAt = {
  1: 'left top',
  2: 'right top',
  3: 'right bottom',
  4: 'left bottom',
  5: 'left top',
  6: 'left bottom',
  7: 'right bottom',
  8: 'right top',
} as const;

test.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('a JPEG with the EXIF orientation %i is upright', async (orientation) => {
  const [width, height] = orientation < 5 ? [400, 200] : [200, 400];
  const [side, end] = redQuarterStoredAt[orientation].split(' ');
  const jpeg = await sharp({ create: { width, height, channels: 3, background: '#0000ff' } })
    .composite([
      {
        input: { create: { width: width / 2, height: height / 2, channels: 3, background: '#ff0000' } },
        left: side === 'left' ? 0 : width / 2,
        top: end === 'top' ? 0 : height / 2,
      },
    ])
    .withMetadata({ orientation })
    .jpeg()
    .toBuffer();
  for (const given of [{}, { fit: 'cover', position: 'attention' }, { fit: 'fill' }] as const) {
    const made = await render(jpeg, 'image/jpeg', { width: 200, height: 100, ...given });
    expect([made.width, made.height]).toEqual([200, 100]);
    expect(isRed(await pixelAt(made.bytes, 20, 20))).toBe(true);
    expect(isRed(await pixelAt(made.bytes, 80, 20)) || isRed(await pixelAt(made.bytes, 20, 80))).toBe(false);
    expect((await sharp(made.bytes).metadata()).orientation).toBeUndefined();
  }
});

test('a vector picture is drawn as large as it is wanted', async () => {
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><circle cx="9" cy="9" r="9"/></svg>',
  );
  expect(await render(svg, 'image/svg+xml', { width: 1_600, height: 1_600 })).toMatchObject({
    width: 1_600,
    height: 800,
  });
  expect(await render(svg, 'image/svg+xml', { width: 500, height: 500, fit: 'cover' })).toMatchObject({
    width: 500,
    height: 500,
  });
});

test('a bomb of 30,000 by 30,000 pixels is refused before it is decoded', async () => {
  const bomb = pngBomb(30_000);
  const before = process.memoryUsage.rss();
  await expect(render(bomb, 'image/png')).rejects.toThrow(unreadable);
  expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
});

test.each([0.1, 0.5, 0.95])('a JPEG of which %d is there is refused', async (share) => {
  const jpeg = await noise(400, 300).jpeg().toBuffer();
  const cut = jpeg.subarray(0, Math.floor(jpeg.length * share));
  for (const fit of ['inside', 'cover'] as const) {
    await expect(render(cut, 'image/jpeg', { fit, position: 'attention' })).rejects.toThrow(unreadable);
  }
});

test.each([
  ['text', Buffer.from('This is no picture.'), 'image/jpeg'],
  ['nothing', Buffer.alloc(0), 'image/jpeg'],
  ['a drawing that says it is a JPEG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/jpeg'],
])('%s is refused', async (_, bytes, mediaType) => {
  await expect(render(bytes, mediaType)).rejects.toThrow(unreadable);
});

test('a picture of one pixel is rendered with every fit', async () => {
  const pixel = await halves(2, 1, '#ff0000', '#ff0000')
    .extract({ left: 0, top: 0, width: 1, height: 1 })
    .png()
    .toBuffer();
  for (const fit of ['cover', 'contain', 'fill', 'inside', 'outside'] as const) {
    for (const enlarge of [false, true]) {
      const made = await render(pixel, 'image/png', { fit, enlarge, position: 'attention', width: 40, height: 40 });
      const isAsAsked = enlarge || fit === 'contain';
      expect([made.width, made.height]).toEqual(isAsAsked ? [40, 40] : [1, 1]);
    }
  }
});

test('a picture narrower than the crop keeps the crop’s proportions and is not enlarged', async () => {
  const narrow = await noise(200, 900).jpeg().toBuffer();
  for (const position of ['attention', 'centre'] as const) {
    const made = await render(narrow, 'image/jpeg', { fit: 'cover', position, width: 800, height: 200 });
    expect([made.width, made.height]).toEqual([200, 50]);
  }
});
