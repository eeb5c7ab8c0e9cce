import type { ImageParameters } from '@sheaf/domain/image-parameters';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { renderDerivative } from './render-derivative.ts';
import { parameters } from './testing/parameters.ts';
import { halves, noise, pixelAt } from './testing/pictures.ts';

/** Renders a picture and opens what comes out. */
async function render(bytes: Buffer, given: Partial<ImageParameters> = {}, mediaType = 'image/png') {
  const rendered = await renderDerivative({ source: { bytes }, mediaType, parameters: parameters(given) });
  const metadata = await sharp(rendered.bytes).metadata();
  expect({ width: metadata.width, height: metadata.height }).toEqual({
    width: rendered.width,
    height: rendered.height,
  });
  return { ...rendered, metadata };
}

const redAndBlue = await halves(600, 400, '#ff0000', '#0000ff').png().toBuffer();
const isRed = ([r, g, b]: number[]) => r! > 200 && g! < 60 && b! < 60;
const isBlue = ([r, g, b]: number[]) => r! < 60 && g! < 60 && b! > 200;
const isWhite = (pixel: number[]) => pixel.slice(0, 3).every((value) => value > 245);

const fits = [
  ['cover', 300, 300],
  ['contain', 300, 300],
  ['fill', 300, 300],
  ['inside', 300, 200],
  ['outside', 450, 300],
] as const;

test.each(fits)('%s gives a picture of %i by %i', async (fit, width, height) => {
  expect(await render(redAndBlue, { width: 300, height: 300, fit })).toMatchObject({ width, height });
});

test('contain fills the rest with the background', async () => {
  const { bytes } = await render(redAndBlue, { width: 300, height: 300, fit: 'contain', background: '#00ff00' });
  expect((await pixelAt(bytes, 50, 3))[1]).toBeGreaterThan(240);
  expect(isRed(await pixelAt(bytes, 10, 50))).toBe(true);
});

test('contain leaves the rest transparent where the format can, and white where it cannot', async () => {
  const box = { width: 300, height: 300, fit: 'contain' } as const;
  expect((await pixelAt((await render(redAndBlue, { ...box, format: 'png' })).bytes, 50, 3))[3]).toBe(0);
  expect(isWhite(await pixelAt((await render(redAndBlue, box)).bytes, 50, 3))).toBe(true);
});

test('contain does not enlarge a small picture unless it may', async () => {
  const tiny = await halves(100, 100, '#ff0000', '#ff0000').png().toBuffer();
  const box = { width: 300, height: 300, fit: 'contain' } as const;
  expect(isWhite(await pixelAt((await render(tiny, box)).bytes, 20, 50))).toBe(true);
  expect(isRed(await pixelAt((await render(tiny, { ...box, enlarge: true })).bytes, 20, 50))).toBe(true);
});

test('cover cuts the middle out, or what draws the eye', async () => {
  const disc = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="300"><rect width="900" height="300" fill="#fff"/><circle cx="120" cy="150" r="90" fill="#f00"/></svg>',
  );
  const wide = await sharp(disc).flatten().png().toBuffer();
  const square = { width: 300, height: 300, fit: 'cover' } as const;
  expect(isWhite(await pixelAt((await render(wide, { ...square, position: 'centre' })).bytes, 50, 50))).toBe(true);
  expect(isRed(await pixelAt((await render(wide, { ...square, position: 'attention' })).bytes, 45, 50))).toBe(true);
});

test.each(['jpeg', 'png', 'webp', 'avif', 'tiff'] as const)('%s is made, also of a smart crop', async (format) => {
  for (const position of ['centre', 'attention'] as const) {
    const { metadata, mediaType } = await render(redAndBlue, {
      width: 100,
      height: 100,
      fit: 'cover',
      position,
      format,
    });
    expect(metadata.format).toBe(format === 'avif' ? 'heif' : format);
    expect(mediaType).toBe(`image/${format}`);
  }
});

test('quality makes a file smaller or larger', async () => {
  const bytes = await noise(400, 300).png().toBuffer();
  const sizes = await Promise.all(
    [20, 80, 100].map(async (quality) => (await render(bytes, { quality })).bytes.length),
  );
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  expect(new Set(sizes).size).toBe(3);
});

test('sharpening changes the picture', async () => {
  const bytes = await noise(800, 600).png().toBuffer();
  expect((await render(bytes, { sharpen: true })).bytes).not.toEqual((await render(bytes)).bytes);
});

test('the same picture and parameters give the same bytes', async () => {
  const bytes = await noise(500, 400).png().toBuffer();
  for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const) {
    const given = { width: 200, height: 100, fit: 'cover', position: 'attention', format } as const;
    expect((await render(bytes, given)).bytes).toEqual((await render(bytes, given)).bytes);
  }
});

const spaces = [
  ['srgb', 'srgb', 3],
  ['p3', 'srgb', 3],
  ['cmyk', 'cmyk', 4],
] as const;

test.each(spaces)(
  '%s is embedded as an ICC profile and nothing else of the metadata',
  async (colourSpace, space, channels) => {
    const bytes = await halves(600, 400, '#b46e3c', '#3cb46e')
      .withExif({ IFD0: { Artist: 'Somebody' } })
      .jpeg()
      .toBuffer();
    for (const fit of ['inside', 'cover'] as const) {
      const given = { colourSpace, fit, position: 'attention', width: 200, height: 200 } as const;
      const { metadata, bytes: made } = await render(bytes, given, 'image/jpeg');
      expect(metadata).toMatchObject({ space, channels, hasProfile: true });
      expect([metadata.exif, metadata.xmp, metadata.iptc, metadata.orientation]).toEqual(Array(4).fill(undefined));
      const shown = await sharp(made).toColourspace('srgb').png().toBuffer();
      const [red, green, blue] = await pixelAt(shown, 10, 50);
      for (const [value, wanted] of [
        [red, 0xb4],
        [green, 0x6e],
        [blue, 0x3c],
      ] as const) {
        expect(Math.abs(value! - wanted)).toBeLessThan(30);
      }
    }
  },
);

test('gray has one channel and no profile', async () => {
  for (const fit of ['inside', 'cover'] as const) {
    const { metadata } = await render(redAndBlue, { colourSpace: 'gray', fit, position: 'attention' });
    expect(metadata).toMatchObject({ space: 'b-w', channels: 1, hasProfile: false });
  }
});

test('colours beyond sRGB stay in P3, also in a smart crop and in a picture that is shrunk while it is read', async () => {
  // Pure red of P3, which sRGB does not have: its numbers in P3 are 255, 0, 0.
  const tagged = await halves(1_600, 1_200, '#ff0000', '#ff0000').withIccProfile('p3').png().toBuffer();
  const p3Red = await sharp(tagged)
    .keepIccProfile()
    .composite([{ input: { create: { width: 1_600, height: 1_200, channels: 3, background: '#ff0000' } } }])
    .jpeg({ quality: 100 })
    .toBuffer();
  for (const fit of ['inside', 'cover'] as const) {
    const given = { colourSpace: 'p3', format: 'png', fit, position: 'attention', width: 200, height: 200 } as const;
    const { bytes } = await render(p3Red, given, 'image/jpeg');
    const [red, green] = await pixelAt(await sharp(bytes, { ignoreIcc: true }).png().toBuffer(), 50, 50);
    expect([red! > 250, green! < 10]).toEqual([true, true]);
  }
});

test('what is transparent in the original stays so, or shows the background', async () => {
  const alpha = await sharp({ create: { width: 300, height: 200, channels: 4, background: '#ff000000' } })
    .png()
    .toBuffer();
  for (const position of ['centre', 'attention'] as const) {
    const square = { width: 100, height: 100, fit: 'cover', position } as const;
    expect((await pixelAt((await render(alpha, { ...square, format: 'png' })).bytes, 50, 50))[3]).toBe(0);
    expect(isWhite(await pixelAt((await render(alpha, square)).bytes, 50, 50))).toBe(true);
    expect(isBlue(await pixelAt((await render(alpha, { ...square, background: '#0000ff' })).bytes, 50, 50))).toBe(true);
    const coloured = await render(alpha, { ...square, background: '#0000ff', format: 'png' });
    expect(isBlue(await pixelAt(coloured.bytes, 50, 50))).toBe(true);
  }
});

test('an aborted rendering throws the signal’s reason', async () => {
  const task = { source: { bytes: redAndBlue }, mediaType: 'image/png', parameters: parameters() };
  await expect(renderDerivative(task, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
});
