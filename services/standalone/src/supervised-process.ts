import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { AppError } from '@sheaf/domain/app-error';
import { rotateLog } from './log-file.ts';
import { createProcessOutput, type ProcessOutput } from './process-output.ts';
import { createRestartDelay } from './restart-delay.ts';

export interface SupervisedProcess {
  readonly name: string;
  /** Of the running process; undefined between a crash and its restart. */
  readonly pid: number | undefined;
  /** SIGTERM, and SIGKILL after the deadline. Never restarted after this. Safe more than once. */
  stop(deadlineMs: number): Promise<void>;
  /** SIGKILL at once. */
  kill(): void;
}

export interface ProcessOptions {
  name: string;
  /** Module that sends `{type: 'ready'}` to its parent. */
  module: string;
  /** Node's own arguments. */
  nodeFlags?: readonly string[];
  env: Record<string, string | undefined>;
  logFile: string;
  show(line: string): void;
  /** Longest that the first start may take. */
  readyWithinMs?: number;
}

/**
 * Starts a module as a child process, and again with growing pauses whenever it ends by itself. Resolves when it is
 * ready the first time; rejects with `service.unavailable`, and the reason that it gave, when it ends before that.
 */
export async function superviseProcess(options: ProcessOptions): Promise<SupervisedProcess> {
  await rotateLog(options.logFile);
  let firstReady = false;
  // What goes wrong before that is the error's to tell.
  const show = (line: string) => firstReady && options.show(line);
  const output = createProcessOutput(options.name, options.logFile, show);
  const delay = createRestartDelay();
  let child: ChildProcess | undefined;
  let restart: NodeJS.Timeout | undefined;
  let stopping: Promise<void> | undefined;

  function launch(): ChildProcess {
    const launched = forkModule(options, output);
    let readyAt = 0;
    launched.on('message', (message) => {
      if (isReady(message)) readyAt = performance.now();
    });
    launched.once('exit', (code, signal) => {
      child = undefined;
      if (stopping || !firstReady) return;
      const pauseMs = delay.next(readyAt === 0 ? 0 : performance.now() - readyAt);
      show(`${options.name} ended (${signal ?? `exit code ${code}`}); starting it again in ${pauseMs / 1_000} s`);
      restart = setTimeout(() => {
        child = launch();
      }, pauseMs);
    });
    return launched;
  }

  child = launch();
  const first = child;
  try {
    await readyOrEnded(first, options, output);
    firstReady = true;
  } catch (error) {
    stopping = endProcess(first, 0);
    await stopping;
    await output.close();
    throw error;
  }

  return {
    name: options.name,
    get pid() {
      return child?.pid;
    },
    stop(deadlineMs) {
      stopping ??= (async () => {
        clearTimeout(restart);
        if (child) await endProcess(child, deadlineMs);
        await output.close();
      })();
      return stopping;
    },
    kill: () => void child?.kill('SIGKILL'),
  };
}

function forkModule(options: ProcessOptions, output: ProcessOutput): ChildProcess {
  const child = fork(options.module, [], {
    env: options.env,
    execArgv: ['--disable-warning=ExperimentalWarning', ...(options.nodeFlags ?? [])],
    // A session of its own: Ctrl-C in a terminal must reach the launcher alone.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  output.follow(child.stdout as Readable);
  output.followErrors(child.stderr as Readable);
  return child;
}

async function readyOrEnded(child: ChildProcess, options: ProcessOptions, output: ProcessOutput): Promise<void> {
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const withinMs = options.readyWithinMs ?? 60_000;
  const fail = (message: string) => reject(new AppError('service.unavailable', message));
  const failed = `The ${options.name} process did not start`;
  const timer = setTimeout(
    () => fail(`${failed}: it was not ready within ${withinMs / 1_000} s (see ${options.logFile}).`),
    withinMs,
  );
  const onMessage = (message: unknown) => {
    if (isReady(message)) resolve();
  };
  // Not `exit`: only at `close` has its last line been read.
  const onClose = () => fail(output.lastError() ?? `${failed} (see ${options.logFile}).`);
  child.on('message', onMessage);
  child.once('close', onClose);
  child.once('error', (error) => fail(`${failed}: ${error.message}`));
  try {
    await ready;
  } finally {
    clearTimeout(timer);
    child.off('message', onMessage);
    child.off('close', onClose);
  }
}

async function endProcess(child: ChildProcess, deadlineMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill(deadlineMs === 0 ? 'SIGKILL' : 'SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  await exited;
  clearTimeout(deadline);
}

function isReady(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}
