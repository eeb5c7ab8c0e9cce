import { writeFile } from 'node:fs/promises';
import { AppError } from '@sheaf/domain/app-error';

/**
 * Writes the public keys of an instance into a new file, byte for byte as it publishes them: its archives can be
 * verified when it is gone. Returns the file's path.
 */
export async function fetchKeys(url: string, file: string): Promise<string> {
  const answer = await fetch(`${url}/.well-known/sheaf-keys.json`);
  if (!answer.ok) throw new AppError('internal', `The public keys were answered with status ${answer.status}.`);
  await writeFile(file, await answer.bytes(), { flag: 'wx' });
  return file;
}
