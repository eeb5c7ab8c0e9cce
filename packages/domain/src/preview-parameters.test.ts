import { expect, test } from 'vitest';
import type { ImageParameters } from './image-parameters.ts';
import { previewParameters } from './preview-parameters.ts';

const parameters: ImageParameters = {
  width: 3_200,
  height: 1_600,
  fit: 'cover',
  position: 'attention',
  enlarge: true,
  format: 'tiff',
  quality: 90,
  colourSpace: 'cmyk',
  background: '#112233',
  sharpen: true,
};

test('a preview keeps the cut and the proportions, at most 320 pixels a side', () => {
  expect(previewParameters(parameters)).toEqual({
    ...parameters,
    width: 320,
    height: 160,
    format: 'jpeg',
    quality: null,
    colourSpace: 'srgb',
  });
});

test('a rendition that is small already is previewed in its own size', () => {
  expect(previewParameters({ ...parameters, width: 60, height: 90 })).toMatchObject({ width: 60, height: 90 });
});

test('a side that follows the proportions stays within 320 pixels too', () => {
  const tall = previewParameters({ ...parameters, width: 3_200, height: null });
  expect(tall).toMatchObject({ width: 320, height: 320, fit: 'inside' });
  expect(previewParameters({ ...parameters, width: null, height: 100 })).toMatchObject({ width: 320, height: 100 });
});

test('formats that browsers draw stay', () => {
  for (const format of ['jpeg', 'png', 'webp', 'avif'] as const) {
    expect(previewParameters({ ...parameters, format }).format).toBe(format);
  }
});
