import { readFile, rename, writeFile } from 'node:fs/promises';
import { newSecretToken } from '@sheaf/runtime/secret-token';

/** The secret kept in the file, which only its owner may read; made on the first call. */
export async function secretFrom(path: string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (kept.trim()) return kept.trim();
  const secret = newSecretToken();
  await writePrivateFile(path, `${secret}\n`);
  return secret;
}

/** Replaces the file in one step; only its owner may read it. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  await writeFile(temporary, content, { mode: 0o600, flush: true });
  await rename(temporary, path);
}
