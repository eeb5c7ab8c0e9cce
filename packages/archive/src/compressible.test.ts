import { expect, test } from 'vitest';
import { isCompressible } from './compressible.ts';

test.each(['photo.jpg', 'PHOTO.JPEG', 'film.mp4', 'page.docx', 'folder.txt/archive.zip'])('%s is stored', (path) => {
  expect(isCompressible(path)).toBe(false);
});

test.each(['terms.pdf', 'scan.tif', 'manifest.json', 'no-extension', 'folder.jpg/readme'])('%s is deflated', (path) => {
  expect(isCompressible(path)).toBe(true);
});
