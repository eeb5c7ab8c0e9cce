import { expect, test } from 'vitest';
import { localUrl } from './local-url.ts';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:8080'],
  ['sheaf.example', 'http://sheaf.example:8080'],
  ['0.0.0.0', 'http://localhost:8080'],
  ['::', 'http://localhost:8080'],
  ['::1', 'http://[::1]:8080'],
])('a server that listens on %s is reached by %s', (host, url) => {
  expect(localUrl(host, 8080)).toBe(url);
  expect(new URL(url).port).toBe('8080');
});
