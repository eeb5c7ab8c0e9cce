/** A key that nobody else has. `crypto.randomUUID` is there on HTTPS alone, and many a portal is first tried without. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
