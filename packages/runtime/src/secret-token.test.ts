import { expect, test } from 'vitest';
import { hashSecretToken, newSecretToken } from './secret-token.ts';

test('a token is 256 bits in 43 URL-safe characters, and never the same', () => {
  const tokens = Array.from({ length: 100 }, newSecretToken);
  for (const token of tokens) {
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  }
  expect(new Set(tokens).size).toBe(100);
});

test('the hash is the SHA-256 of the token as it is written', () => {
  expect(hashSecretToken('abc').toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
