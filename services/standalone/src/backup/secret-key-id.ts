import { scryptSync } from 'node:crypto';

/** Tells one secret key from another without telling the key: 64 bits of a slow hash. */
export function secretKeyId(secretKey: string): string {
  return scryptSync(secretKey, 'sheaf secret key id', 8).toString('hex');
}
