import { expect, test } from 'vitest';
import { ownPath } from './own-path.ts';

test.each(['/', '/downloads', '/downloads?state=ready&q=a%20b', '/admin/users'])('%s is one of ours', (path) => {
  expect(ownPath(path)).toBe(path);
});

test.each([
  undefined,
  '',
  'downloads',
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  '/%2f/evil.example',
  '/%5cevil.example',
  'javascript:alert(1)',
  '/api/auth/sign-in/oidc',
  '/d/token',
  '/sign-in?error=failed',
])('%j leads to the start page', (path) => {
  expect(ownPath(path)).toBe('/');
});
