import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileCache } from './compile-cache.ts';

/** The command's program. */
export const sheafProgram = fileURLToPath(new URL('../../services/standalone/bin/sheaf.js', import.meta.url));

/** `sheaf` with some arguments, as a real process. */
export interface SheafProcess {
  readonly pid: number;
  /** What it has written so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** The exit code, or the name of the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
  /** Resolves with the match once standard output holds one; rejects when the process ends before. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>;
  kill(signal: NodeJS.Signals): void;
}

/** An environment without any of this process's own settings. */
export function runSheaf(args: string[], env: Record<string, string>): SheafProcess {
  const child = spawn(process.execPath, [sheafProgram, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: tmpdir(), ...compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      written[name] += chunk;
      for (const listener of listeners) listener();
    });
  }
  const ended = endOf(child);
  return {
    get pid() {
      return child.pid!;
    },
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
    ended,
    async printed(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpMatchArray>();
      const look = () => {
        const match = written.stdout.match(pattern);
        if (match) resolve(match);
      };
      listeners.add(look);
      look();
      ended.then((code) => reject(new Error(`sheaf ended (${code}) before it printed ${pattern}: ${written.stderr}`)));
      try {
        return await promise;
      } finally {
        listeners.delete(look);
      }
    },
    kill: (signal) => void child.kill(signal),
  };
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = await once(child, 'close');
  return code ?? signal;
}

export interface DataFolders {
  /** A data folder that is not there yet, below a private (0700) parent. */
  create(): Promise<string>;
  /** Kills what still runs in the folders and removes them. */
  removeAll(): Promise<void>;
}

export function dataFolders(): DataFolders {
  const parents: string[] = [];
  return {
    async create() {
      const parent = await mkdtemp(path.join(tmpdir(), 'sheaf-e2e-'));
      parents.push(parent);
      return path.join(parent, 'data');
    },
    async removeAll() {
      for (const parent of parents.splice(0)) {
        for (const { pid } of await processesOf(parent)) process.kill(pid, 'SIGKILL');
        await rm(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      }
    },
  };
}

export interface RunningProcess {
  pid: number;
  command: string;
}

/** Every process of this machine that has the folder in its arguments or its environment. Linux only. */
export async function processesOf(folder: string): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
      const [command, environment] = await Promise.all([read('cmdline'), read('environ')]);
      const mentions = command.includes(folder) || environment.includes(folder);
      return mentions ? { pid: Number(pid), command: command.replaceAll('\0', ' ').trim() } : null;
    }),
  );
  // What has ended and only waits to be reaped has no command any more.
  return found.filter((entry): entry is RunningProcess => entry !== null && entry.command !== '');
}
