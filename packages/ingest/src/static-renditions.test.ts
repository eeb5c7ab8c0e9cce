import { expect, test } from 'vitest';
import { plannedStaticRenditions, staticRenditions } from './static-renditions.ts';

test('there are a thumbnail, a web and a zoom rendition of 319, 1280 and 2048 pixels', () => {
  expect(Object.fromEntries(staticRenditions.map(({ name, longestSide }) => [name, longestSide]))).toEqual({
    thumbnail: 319,
    web: 1280,
    zoom: 2048,
  });
});

test('renditions of an opaque picture are JPEGs named after its file', () => {
  const planned = plannedStaticRenditions('boats.TIFF', false);
  expect(planned.map(({ fileName }) => fileName)).toEqual(['boats-thumbnail.jpg', 'boats-web.jpg', 'boats-zoom.jpg']);
  expect(new Set(planned.map(({ mediaType }) => mediaType))).toEqual(new Set(['image/jpeg']));
});

test('renditions of a picture with transparency are PNGs', () => {
  expect(
    plannedStaticRenditions('logo.webp', true).map(({ fileName, mediaType }) => [fileName, mediaType]),
  ).toContainEqual(['logo-web.png', 'image/png']);
});

test.each([
  ['archive.tar.gz', 'archive.tar-web.jpg'],
  ['.hidden', '.hidden-web.jpg'],
  ['no extension', 'no extension-web.jpg'],
])('a rendition of %s is called %s', (fileName, expected) => {
  expect(plannedStaticRenditions(fileName, false).map((planned) => planned.fileName)).toContain(expected);
});
