import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as 43 URL-safe characters. */
export function newSecretToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored instead of a token: its SHA-256. The token has full entropy, so no salt or stretching is needed. */
export function hashSecretToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
