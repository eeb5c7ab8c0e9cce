import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createDatabase } from '@sheaf/db/database';
import { onTestFinished } from 'vitest';
import { createTestDatabase } from './postgres.ts';
import { sheafProgram } from './sheaf-process.ts';

/** A database and a folder of their own, and the commands on them. Gone when the test has finished. */
export async function setupInstallation() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-commands-'));
  const database = await createTestDatabase();
  const db = createDatabase(database.url, { maxConnections: 2 });
  onTestFinished(async () => {
    await db.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });
  const env = { PATH: process.env.PATH, DATABASE_URL: database.url, DATA_DIR: path.join(folder, 'data') };
  return {
    db,
    folder,
    /** Runs `sheaf` to its end. */
    async sheaf(args: string[], options: { input?: string; env?: Record<string, string> } = {}) {
      const child = spawn(process.execPath, [sheafProgram, ...args], {
        env: { ...env, ...options.env },
        stdio: 'pipe',
      });
      child.stdin.end(options.input ?? '');
      const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
      return { code, stdout, stderr };
    },
  };
}
