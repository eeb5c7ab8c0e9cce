import { sign, verify } from 'node:crypto';
import type { PublicKeys } from './key-set.ts';
import { oneOf, parseShaped, record, sha256, text } from './shape.ts';
import { privateKeyOf, publicKeyOf } from './signing-key.ts';

/** `signature.json`: vouches for manifest and receipt, which name the SHA-256 of every other file. */
export interface Signature {
  version: 1;
  algorithm: 'Ed25519';
  /** Of the key that signed. */
  kid: string;
  manifestSha256: string;
  receiptSha256: string;
  /** 64 bytes, base64url. */
  signature: string;
}

type SignedHashes = Pick<Signature, 'manifestSha256' | 'receiptSha256'>;

/** What is signed; its first line keeps it from ever meaning something else. */
function signedText({ manifestSha256, receiptSha256 }: SignedHashes): Buffer {
  return Buffer.from(`sheaf-receipt-v1\n${manifestSha256}\n${receiptSha256}\n`);
}

/** `privateKey` is PKCS #8 in base64. */
export function signReceipt(hashes: SignedHashes, key: { kid: string; privateKey: string }): Signature {
  const { manifestSha256, receiptSha256 } = hashes;
  const signature = sign(null, signedText(hashes), privateKeyOf(key.privateKey)).toString('base64url');
  return { version: 1, algorithm: 'Ed25519', kid: key.kid, manifestSha256, receiptSha256, signature };
}

/** The one way to write a signature, so that not even a space can be changed in it. */
export function signatureJson({
  version,
  algorithm,
  kid,
  manifestSha256,
  receiptSha256,
  signature,
}: Signature): Buffer {
  return Buffer.from(`${JSON.stringify({ version, algorithm, kid, manifestSha256, receiptSha256, signature })}\n`);
}

const signatureShape = record({
  version: oneOf(1),
  algorithm: oneOf('Ed25519'),
  kid: text,
  manifestSha256: sha256,
  receiptSha256: sha256,
  signature: text,
});

/** Null where it is no signature that this version can read, or is written in another way. */
export function parseSignature(bytes: Uint8Array): Signature | null {
  const parsed = parseShaped<Signature>(bytes, signatureShape);
  if (parsed === null) return null;
  const canonical = { ...parsed, signature: Buffer.from(parsed.signature, 'base64url').toString('base64url') };
  return signatureJson(canonical).equals(bytes) ? canonical : null;
}

/** Whether one of these keys signed exactly this; `unknown key` where the one that it names is not among them. */
export function checkSignature(signature: Signature, keys: PublicKeys): 'genuine' | 'wrong' | 'unknown key' {
  const key = keys.get(signature.kid);
  if (key === undefined) return 'unknown key';
  const bytes = Buffer.from(signature.signature, 'base64url');
  return verify(null, signedText(signature), publicKeyOf(key), bytes) ? 'genuine' : 'wrong';
}
