import { verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { keySetOf, parseKeySet, publicJwk } from './key-set.ts';
import { checkSignature, parseSignature, signatureJson, signReceipt } from './signature.ts';
import { newSigningKey, publicKeyOf } from './signing-key.ts';

const hashes = { manifestSha256: 'ab'.repeat(32), receiptSha256: 'cd'.repeat(32) };

function setup() {
  const key = newSigningKey();
  return { key, keys: keySetOf([key.publicKey]), signature: signReceipt(hashes, key) };
}

test('signs the text that the documentation tells', () => {
  const { key, signature } = setup();
  const text = `sheaf-receipt-v1\n${hashes.manifestSha256}\n${hashes.receiptSha256}\n`;
  const bytes = Buffer.from(signature.signature, 'base64url');
  expect(verify(null, Buffer.from(text), publicKeyOf(key.publicKey), bytes)).toBe(true);
});

test('holds for exactly these hashes, and for the key that signed', () => {
  const { keys, signature } = setup();
  expect(checkSignature(signature, keys)).toBe('genuine');
  expect(checkSignature({ ...signature, receiptSha256: hashes.manifestSha256 }, keys)).toBe('wrong');
  expect(checkSignature({ ...signature, signature: '' }, keys)).toBe('wrong');
  expect(checkSignature(signature, setup().keys)).toBe('unknown key');
});

test('can be written in one way only', () => {
  const { signature } = setup();
  const bytes = signatureJson(signature);
  expect(parseSignature(bytes)).toEqual(signature);
  for (const other of [`${bytes} `, String(bytes).trim(), JSON.stringify({ ...signature, more: 1 })])
    expect(parseSignature(Buffer.from(other))).toBeNull();
});

test('keys come back from the JWK set that lists them', () => {
  const { key, keys } = setup();
  const [[kid, raw] = []] = [...(parseKeySet(JSON.stringify({ keys: [publicJwk(key.publicKey)] })) ?? [])];
  expect(kid).toBe(key.kid);
  expect(Buffer.from(raw!)).toEqual(Buffer.from(keys.get(key.kid)!));
});

test('a JWK set with a key under the id of another is none', () => {
  const [mine, other] = [setup().key, setup().key];
  expect(parseKeySet(JSON.stringify({ keys: [{ ...publicJwk(mine.publicKey), kid: other.kid }] }))).toBeNull();
});

test.each(['', 'null', '{}', '{"keys":{}}', '{"keys":[null]}'])('%j is no JWK set', (text) => {
  expect(parseKeySet(text)).toBeNull();
});

test('keys of other kinds in a set are passed over', () => {
  expect(parseKeySet('{"keys":[{"kty":"RSA","n":"x","e":"AQAB"}]}')).toEqual(new Map());
});
