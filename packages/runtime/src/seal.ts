import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts small secrets for storage with the instance's key (AES-256-GCM, key derived by HKDF-SHA256). */
export interface Sealer {
  seal(plain: string): Buffer;
  /** Throws when the bytes were not sealed with this key, or were altered. */
  open(sealed: Uint8Array): string;
}

const nonceLength = 12;
const tagLength = 16;

/** `purpose` separates keys, so that what was sealed for one use cannot be opened as another. */
export function createSealer(secretKey: string, purpose: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secretKey, 'sheaf', purpose, 32));
  return {
    seal(plain) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(sealed) {
      const bytes = Buffer.from(sealed);
      // Without the length, Node takes shorter tags too, which can be guessed.
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceLength), {
        authTagLength: tagLength,
      });
      decipher.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
      return Buffer.concat([decipher.update(bytes.subarray(nonceLength + tagLength)), decipher.final()]).toString(
        'utf8',
      );
    },
  };
}
