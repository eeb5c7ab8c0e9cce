import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { ownMounts, requireMounts } from './require-mounts.ts';

/**
 * Starts a worker whose storage is a copy of a folder on a disk of `diskBytes` that really fills up. The mount lives in
 * a namespace of the process's own and vanishes with it.
 */
export async function startWorkerOnSmallDisk(options: {
  databaseUrl: string;
  storageFolder: string;
  diskBytes: number;
}) {
  await requireMounts();
  const root = await mkdtemp(path.join(tmpdir(), 'sheaf-test-disk-'));
  const script =
    'mount -t tmpfs -o size="$BYTES" none "$DATA_DIR" && cp -r "$SOURCE/." "$DATA_DIR" && exec "$NODE" "$WORKER"';
  const child = spawn('unshare', [...ownMounts, 'sh', '-c', script], {
    env: {
      ...process.env,
      DATABASE_URL: options.databaseUrl,
      DATA_DIR: root,
      SOURCE: options.storageFolder,
      BYTES: String(options.diskBytes),
      NODE: process.execPath,
      WORKER: fileURLToPath(new URL('./full-disk-worker.ts', import.meta.url)),
    },
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await rm(root, { recursive: true, force: true });
  });
  const output = text(child.stdout!);
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('The worker ended before it was ready.'))),
  ]);
  return {
    /** Ends the worker in an orderly way. Resolves with the names of the files that its storage has then. */
    async stop(): Promise<string[]> {
      child.stdin!.end();
      return JSON.parse(await output);
    },
  };
}
