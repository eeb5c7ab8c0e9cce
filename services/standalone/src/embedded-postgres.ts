import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { ensureOwnedDatabase } from '@sheaf/db/ensure-owned-database';
import { AppError } from '@sheaf/domain/app-error';
import { freePort } from './free-port.ts';
import { rotateLog } from './log-file.ts';
import { type PostgresAccount, postgresAccount } from './postgres-account.ts';
import { type PostgresPrograms, postgresPrograms } from './postgres-programs.ts';
import { endLeftOver, untilReady } from './postmaster-file.ts';

const run = promisify(execFile);

export interface EmbeddedPostgres {
  /** Of the application's database; its role is no superuser. */
  url: string;
  port: number;
  /** Fulfilled when the server has ended, asked or not. */
  ended: Promise<void>;
  /** Fast shutdown: ends the sessions, writes a checkpoint. At once, without checkpoint, after the deadline. */
  stop(deadlineMs?: number): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The server's own; nothing else may be in it. */
  folder: string;
  password: string;
  logFile: string;
  /** Of an earlier run, which clients still know. Absent: any free one. */
  port?: number;
}

const host = '127.0.0.1';

const serverSettings = {
  listen_addresses: host,
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  log_min_messages: 'warning',
  log_timezone: 'UTC',
};

const startAttempts = 3;
const startWithinMs = 60_000;

/**
 * Starts PostgreSQL on a free port of the loopback interface, making its cluster on first use and recovering it after
 * an unclean end. The caller must hold the data folder. Throws `service.unavailable` with the reason in the message.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const programs = await postgresPrograms();
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const account = await accountFor(programs, options.folder);
  const cluster = path.join(options.folder, 'cluster');
  if (!(await exists(cluster))) await initialise(programs, account, cluster, options);
  await endLeftOver(cluster);
  await rotateLog(options.logFile);
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort(host));
    try {
      return await launch(programs, account, cluster, port, options);
    } catch (error) {
      if (attempt === startAttempts) throw error;
    }
  }
}

async function accountFor(programs: PostgresPrograms, folder: string): Promise<PostgresAccount> {
  const account = await postgresAccount(programs.postgres, path.dirname(folder));
  await account.own(folder);
  return account;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Made beside its place and then renamed, so that an interrupted attempt is not taken for a cluster. */
async function initialise(
  programs: PostgresPrograms,
  account: PostgresAccount,
  cluster: string,
  options: EmbeddedPostgresOptions,
): Promise<void> {
  const unfinished = `${cluster}.new`;
  const passwordFile = path.join(options.folder, 'initial-password');
  await rm(unfinished, { recursive: true, force: true });
  await writeFile(passwordFile, options.password, { mode: 0o600 });
  await account.own(passwordFile);
  const text = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const [command, ...args] = [...account.prefix, programs.initdb, `--pgdata=${unfinished}`, ...access, ...text];
  try {
    await run(command!, args, { ...account.spawnOptions, cwd: '/' });
    await rename(unfinished, cluster);
  } catch (cause) {
    const why = lastLine((cause as { stderr?: string }).stderr) ?? (cause as Error).message;
    throw new AppError('service.unavailable', `The embedded PostgreSQL could not be initialised: ${why}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/**
 * The server ends with its launcher, however that ends: a shell in its place first leaves a watcher behind that reads
 * from a pipe nobody writes to, and asks the server to stop when the pipe breaks. The pause lets the services, which
 * notice the same, hand back what they were doing.
 */
const guarded = '( ( read -r word <&3 || { sleep 3; kill -INT $$; } ) & ) ; exec "$@" 3<&-';

async function launch(
  programs: PostgresPrograms,
  account: PostgresAccount,
  cluster: string,
  port: number,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const settings = Object.entries(serverSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const program = [...account.prefix, programs.postgres, '-D', cluster, '-p', String(port), ...settings];
  const log = await open(options.logFile, 'a', 0o600);
  const logStart = (await log.stat()).size;
  const server = spawn('sh', ['-c', guarded, 'sh', ...program], {
    ...account.spawnOptions,
    cwd: '/',
    // A session of its own: Ctrl-C in a terminal must reach the launcher alone.
    detached: true,
    stdio: ['ignore', log.fd, log.fd, 'pipe'],
  });
  const ended = once(server, 'exit').then(() => void (server.stdio[3] as Writable).end('ended\n'));
  await log.close();
  const gaveUp = new AbortController();
  const startFailure = () => gaveUp.abort(new Error('It ended at once.'));
  ended.then(startFailure, startFailure);
  try {
    await untilReady(cluster, server.pid ?? 0, AbortSignal.any([gaveUp.signal, AbortSignal.timeout(startWithinMs)]));
    const address = (user: string, database: string) =>
      `postgresql://${user}:${encodeURIComponent(options.password)}@${host}:${port}/${database}`;
    await ensureOwnedDatabase(address('postgres', 'postgres'), 'sheaf', options.password);
    return {
      url: address('sheaf', 'sheaf'),
      port,
      ended,
      stop: (deadlineMs = 20_000) => stop(server, ended, deadlineMs),
    };
  } catch (cause) {
    await stop(server, ended, 5_000);
    const why = (await logTail(options.logFile, logStart)) ?? (cause as Error).message;
    throw new AppError(
      'service.unavailable',
      `The embedded PostgreSQL did not start: ${why} (see ${options.logFile})`,
      { cause },
    );
  }
}

async function stop(server: ChildProcess, ended: Promise<void>, deadlineMs: number): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  server.kill('SIGINT');
  const hurry = setTimeout(() => server.kill('SIGQUIT'), deadlineMs);
  await ended;
  clearTimeout(hurry);
}

async function logTail(logFile: string, from: number): Promise<string | undefined> {
  const log = await open(logFile, 'r');
  try {
    const { size } = await log.stat();
    const { buffer, bytesRead } = await log.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    return (
      lastLine(
        text
          .split('\n')
          .filter((line) => /FATAL|PANIC|ERROR|denied/.test(line))
          .join('\n'),
      ) ?? lastLine(text)
    );
  } finally {
    await log.close();
  }
}

function lastLine(text: string | undefined): string | undefined {
  return text?.trim().split('\n').at(-1)?.trim() || undefined;
}
