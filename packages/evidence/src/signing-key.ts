import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A new Ed25519 key pair of an instance. */
export interface NewSigningKey {
  kid: string;
  /** 32 bytes. */
  publicKey: Buffer;
  /** PKCS #8 in base64: a secret. */
  privateKey: string;
}

export function newSigningKey(): NewSigningKey {
  const pair = generateKeyPairSync('ed25519');
  const publicKey = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const privateKey = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  return { kid: keyId(publicKey), publicKey, privateKey };
}

/** SHA-256 of the raw public key, base64url. */
export function keyId(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('base64url');
}

/** Throws where the bytes are no public key. */
export function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') },
    format: 'jwk',
  });
}

/** From PKCS #8 in base64. */
export function privateKeyOf(pkcs8: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
}
