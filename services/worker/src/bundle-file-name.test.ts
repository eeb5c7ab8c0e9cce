import { expect, test } from 'vitest';
import { bundleFileName } from './bundle-file-name.ts';

test('an archive is named after its download', () => {
  expect(bundleFileName('Spring campaign', 'zip', { number: 1, of: 1 })).toBe('Spring campaign.zip');
  expect(bundleFileName('Spring campaign', 'tar.gz', { number: 1, of: 1 })).toBe('Spring campaign.tar.gz');
});

test('a part says which of how many it is, before the extension', () => {
  expect(bundleFileName('Spring', 'tar.gz', { number: 2, of: 3 })).toBe('Spring (part 2 of 3).tar.gz');
});

test('an extension that the name has already is not doubled', () => {
  expect(bundleFileName('photos.ZIP', 'zip', { number: 1, of: 1 })).toBe('photos.zip');
});

test.each([
  ['../../etc/passwd', '__etc_passwd.zip'],
  ['CON', '_CON.zip'],
  ['a\u202Egpj.exe', 'agpj.exe.zip'],
  ['.zip', '_.zip'],
])('the hostile name %j becomes a harmless one', (name, expected) => {
  expect(bundleFileName(name, 'zip', { number: 1, of: 1 })).toBe(expected);
});

test('a long name is shortened, and keeps part and extension', () => {
  const name = bundleFileName('é'.repeat(300), 'zip', { number: 10, of: 12 });

  expect(name.length).toBeLessThanOrEqual(150);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  expect(name).toMatch(/^é+ \(part 10 of 12\)\.zip$/);
});
