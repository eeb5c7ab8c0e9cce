import { keyId } from './signing-key.ts';

/** Raw Ed25519 public keys by their `kid`. */
export type PublicKeys = ReadonlyMap<string, Uint8Array>;

/** A JWK of RFC 8037, as `/.well-known/sheaf-keys.json` lists it. */
export interface PublicJwk {
  kty: 'OKP';
  crv: 'Ed25519';
  /** The raw key, base64url. */
  x: string;
  kid: string;
  use: 'sig';
  alg: 'EdDSA';
}

export function publicJwk(publicKey: Uint8Array): PublicJwk {
  return {
    kty: 'OKP',
    crv: 'Ed25519',
    x: Buffer.from(publicKey).toString('base64url'),
    kid: keyId(publicKey),
    use: 'sig',
    alg: 'EdDSA',
  };
}

export function keySetOf(publicKeys: Iterable<Uint8Array>): PublicKeys {
  return new Map(Array.from(publicKeys, (key) => [keyId(key), key]));
}

/**
 * The Ed25519 keys of a JWK set as it was read; keys of other kinds are passed over. Null where it is no JWK set, or
 * where a `kid` is not that of its key.
 */
export function parseKeySet(text: string): PublicKeys | null {
  const listed = jwksIn(text);
  if (listed === null) return null;
  const keys = new Map<string, Uint8Array>();
  for (const jwk of listed) {
    if (typeof jwk !== 'object' || jwk === null) return null;
    const { kty, crv, x, kid } = jwk as Partial<Record<keyof PublicJwk, unknown>>;
    if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string') continue;
    const raw = Buffer.from(x, 'base64url');
    if (raw.length !== 32 || (kid !== undefined && kid !== keyId(raw))) return null;
    keys.set(keyId(raw), raw);
  }
  return keys;
}

function jwksIn(text: string): unknown[] | null {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    return Array.isArray(keys) ? keys : null;
  } catch {
    return null;
  }
}
