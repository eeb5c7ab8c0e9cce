import { createHash } from 'node:crypto';
import type { ImageParameters } from '@sheaf/domain/image-parameters';

/** Counts the changes of the renderer that give other pictures for the same parameters: each makes renditions anew. */
const rendererVersion = 1;

/** Names a set of parameters: SHA-256, hexadecimal, of their canonical JSON (members by name) and the renderer's version. */
export function parametersKey(parameters: ImageParameters): string {
  const members = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([rendererVersion, members]))
    .digest('hex');
}
