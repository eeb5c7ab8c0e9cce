import { expect, test } from 'vitest';
import { claimedFormat } from './picture-format.ts';

test.each([
  ['jpg', 'image/jpeg', 'jpeg'],
  ['png', 'image/jpeg', 'jpeg'],
  ['bin', 'image/png', 'png'],
  ['jpg', undefined, 'jpeg'],
  ['jpg', 'application/zip', 'jpeg'],
  ['jpg', 'video/mp4', 'jpeg'],
  ['svg', 'application/xml', 'svg'],
  ['tiff', 'image/tiff', 'tiff'],
])('a .%s file that shows itself as %s has to be a picture: %s', (extension, detected, format) => {
  expect(claimedFormat(extension, detected)).toBe(format);
});

test.each([
  ['heic', 'image/heic'],
  ['jpg', 'image/heic'],
  ['psd', 'image/vnd.adobe.photoshop'],
  ['nef', 'image/tiff'],
  ['cr2', 'image/x-canon-cr2'],
  ['txt', undefined],
  ['pdf', 'application/pdf'],
  ['', undefined],
])('a .%s file that shows itself as %s is no picture to render', (extension, detected) => {
  expect(claimedFormat(extension, detected)).toBeNull();
});
