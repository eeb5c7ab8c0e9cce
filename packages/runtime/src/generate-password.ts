import { randomInt } from 'node:crypto';

/** Letters and digits that no one mistakes for each other. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A password that can be typed: four groups of five, 100 random bits. */
export function generatePassword(): string {
  const group = () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return Array.from({ length: 4 }, group).join('-');
}
