import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What comes before a program for `unshare` to give it mounts of its own: whoever is not root becomes so in a user namespace. */
export const ownMounts: readonly string[] =
  process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

/** Rejects with what to do where this process may not mount file systems, as in most containers. */
export async function requireMounts(): Promise<void> {
  try {
    await run('unshare', [...ownMounts, 'mount', '-t', 'tmpfs', 'none', tmpdir()]);
  } catch (cause) {
    const message =
      'This test mounts a small file system, which is not permitted here: it takes CAP_SYS_ADMIN, ' +
      'or unprivileged user namespaces (see Tests in CONTRIBUTING.md).';
    throw new Error(message, { cause });
  }
}
