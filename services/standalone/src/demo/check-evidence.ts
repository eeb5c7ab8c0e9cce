import { copyFile, open, rm, stat } from 'node:fs/promises';
import { AppError } from '@sheaf/domain/app-error';
import { verifyArchive } from '@sheaf/evidence/verify-archive';
import { loadKeys } from '../load-keys.ts';

/** What `sheaf verify` says of the archive, and of a copy of it that is not quite the same. */
export interface CheckedEvidence {
  /** Every byte of the archive is what was handed out. */
  verified: true;
  /** A copy with a single byte changed is not. */
  tamperedRejected: true;
  /** The key that signed the receipt. */
  kid: string;
}

/**
 * Verifies a downloaded archive with the keys in a file, and then a copy of it with the byte in its middle changed. Throws `internal` unless the first is accepted and the second is not.
 */
export async function checkEvidence(keysFile: string, file: string): Promise<CheckedEvidence> {
  const keys = await loadKeys(keysFile);
  const { genuine, faults, kid } = await verifyArchive(file, keys);
  if (!genuine || kid === null) {
    const said = faults.map(({ message }) => message).join(' ');
    throw new AppError('internal', `The archive is not found genuine. ${said}`);
  }
  const copy = `${file}.changed`;
  try {
    await copyFile(file, copy);
    await changeByte(copy, Math.floor((await stat(copy)).size / 2));
    if ((await verifyArchive(copy, keys)).genuine)
      throw new AppError('internal', 'An archive with one byte changed is found genuine.');
  } finally {
    await rm(copy, { force: true });
  }
  return { verified: true, tamperedRejected: true, kid };
}

async function changeByte(file: string, offset: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, offset);
    buffer[0]! ^= 1;
    await handle.write(buffer, 0, 1, offset);
  } finally {
    await handle.close();
  }
}
