import { rename, stat } from 'node:fs/promises';

const largestBytes = 10_000_000;

/** Sets a log that has grown large aside, as `<name>.1`, replacing the one set aside before. */
export async function rotateLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > largestBytes) await rename(file, `${file}.1`);
}
