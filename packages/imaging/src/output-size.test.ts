import { expect, test } from 'vitest';
import { outputSize } from './output-size.ts';
import { parameters } from './testing/parameters.ts';

const landscape = { width: 3_000, height: 2_000 };
const small = { width: 100, height: 80 };

test.each([
  ['cover', { width: 400, height: 400 }, landscape, [400, 400]],
  ['contain', { width: 400, height: 400 }, landscape, [400, 400]],
  ['fill', { width: 400, height: 400 }, landscape, [400, 400]],
  ['inside', { width: 400, height: 400 }, landscape, [400, 267]],
  ['outside', { width: 400, height: 400 }, landscape, [600, 400]],
  ['inside', { width: 600, height: null }, landscape, [600, 400]],
  ['cover', { width: null, height: 500 }, landscape, [750, 500]],
] as const)('%s %o makes of a landscape what it says', (fit, box, source, [width, height]) => {
  expect(outputSize(source, parameters({ ...box, fit }))).toEqual({ width, height });
});

test.each([
  ['cover', [80, 80]],
  ['contain', [400, 400]],
  ['fill', [100, 80]],
  ['inside', [100, 80]],
  ['outside', [100, 80]],
] as const)('%s does not make a small picture larger, and cover keeps the proportions asked for', (fit, size) => {
  const [width, height] = size;
  expect(outputSize(small, parameters({ width: 400, height: 400, fit }))).toEqual({ width, height });
});

test.each(['cover', 'contain', 'fill'] as const)(
  '%s makes a small picture as large as asked for where it may',
  (fit) => {
    const size = outputSize(small, parameters({ width: 400, height: 400, fit, enlarge: true }));
    expect(size).toEqual({ width: 400, height: 400 });
  },
);

test('no side is less than a pixel', () => {
  expect(outputSize({ width: 10_000, height: 10 }, parameters({ width: 100, height: 100 }))).toEqual({
    width: 100,
    height: 1,
  });
});

const tooLarge = expect.objectContaining({
  code: 'render.failed',
  detail: expect.objectContaining({ cause: 'size' }),
  retryable: false,
});

test.each([
  ['a side over 16,384 pixels', { width: 10, height: 10_000 }, { width: 100, height: null }],
  ['more than 64 million pixels', { width: 100, height: 100 }, { width: 9_000, height: 9_000 }],
  ['a WebP larger than the format can be', { width: 16_384, height: 10 }, { width: 16_384, format: 'webp' }],
] as const)('%s is refused', (_, source, given) => {
  expect(() => outputSize(source, parameters({ enlarge: true, ...given }))).toThrow(tooLarge);
});
