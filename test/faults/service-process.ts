import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

export interface ServiceOptions {
  /** Module that sends `{type: 'ready'}` to its parent. */
  module: string;
  nodeFlags?: readonly string[];
  /** A program with its arguments that runs Node in its own place. */
  before?: readonly string[];
  env: Record<string, string>;
  /** What it prints is added to this. */
  logFile: string;
  /** It ended, and nobody here had asked for it. */
  onCrash(how: string): void;
}

/** An api or a worker as its own process. It ends with this one, however that ends. */
export interface ServiceProcess {
  readonly pid: number;
  /** Whether it runs, as far as is known here. */
  readonly alive: boolean;
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it hangs, with its connections open. */
  suspend(): void;
  resume(): void;
  /** SIGTERM. Resolves when it has ended, with its exit code (null where it was killed) and how long that took. */
  terminate(): Promise<{ code: number | null; ms: number }>;
  /** To a module that listens. */
  send(message: object): void;
}

/** Rejects where it ends before it is ready. */
export async function startService(options: ServiceOptions): Promise<ServiceProcess> {
  const log = openSync(options.logFile, 'a');
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', ...(options.nodeFlags ?? [])];
  const [execPath, ...execArgv] = [...(options.before ?? []), ...node];
  const child = fork(options.module, [], {
    env: options.env,
    execPath: execPath!,
    execArgv,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  let isExpected = false;
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  ended.then(([code, signal]) => {
    if (!isExpected) options.onCrash(signal ?? `exit code ${code}`);
  });
  await untilReady(child, ended).catch((error: unknown) => {
    isExpected = true;
    throw error;
  });

  async function end(signal: NodeJS.Signals) {
    isExpected = true;
    if (!isAlive(child)) return { code: child.exitCode, ms: 0 };
    const startedAt = performance.now();
    child.kill(signal);
    const [code] = await ended;
    return { code, ms: performance.now() - startedAt };
  }
  return {
    pid: child.pid!,
    get alive() {
      return isAlive(child);
    },
    async kill() {
      await end('SIGKILL');
    },
    suspend: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    terminate: () => end('SIGTERM'),
    send: (message) => void child.send(message),
  };
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function untilReady(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  child.on('message', (message) => {
    if ((message as { type?: unknown } | null)?.type === 'ready') resolve();
  });
  ended.then(() => reject(new Error('The process ended before it was ready.')));
  await ready;
}
