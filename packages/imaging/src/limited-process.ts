import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AppError } from '@sheaf/domain/app-error';
import { childEnvironment } from './child-environment.ts';
import { renderFailure } from './render-failure.ts';
import { residentBytes } from './resident-bytes.ts';
import type { TaskMessage } from './task-messages.ts';

export interface ProcessLimits {
  /** Most resident memory of a process, in bytes. */
  memoryBytes: number;
  /** Most time for a task, in seconds. */
  seconds: number;
}

/** How often memory is looked at. libvips touches 250 MB at most in that time. */
const watchMs = 50;
const heapMegabytes = 512;
const keptErrorCharacters = 2_000;

/**
 * A process that does one task at a time and is ended as soon as it takes more memory or time than it may, so that
 * hostile input takes nobody with it. Once it has ended it is not to be used again.
 */
export class LimitedProcess {
  readonly #child: ChildProcess;
  readonly #limits: ProcessLimits;
  readonly #ended: Promise<unknown>;
  #errors = '';
  #resident = 0;
  #hasEnded = false;

  /** `module` calls `serveTasks`. */
  constructor(module: URL, limits: ProcessLimits) {
    this.#limits = limits;
    this.#child = fork(fileURLToPath(module), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [`--max-old-space-size=${heapMegabytes}`],
      env: childEnvironment(),
    });
    this.#child.stderr?.on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-keptErrorCharacters);
    });
    this.#ended = Promise.race([once(this.#child, 'exit'), once(this.#child, 'error')])
      .catch((error: Error) => {
        this.#errors = error.message;
      })
      .then(() => {
        this.#hasEnded = true;
      });
    this.#letParentEnd(true);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether another task can be done: not once it has ended, nor where the last one left too little of the memory. */
  get isReusable(): boolean {
    return !this.#hasEnded && this.#child.connected && this.#resident < this.#limits.memoryBytes / 2;
  }

  /**
   * Does one task. Throws what the task throws, `render.failed` with the cause `memory`, `time` or `crash`, and the
   * signal's reason; then the process has ended.
   */
  async run<Result>(task: unknown, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted();
    this.#letParentEnd(false);
    const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
    const { seconds } = this.#limits;
    const onAbort = () => stop(signal.reason);
    const timer = setTimeout(() => stop(renderFailure('time', `It took longer than ${seconds} s.`)), seconds * 1_000);
    const watch = setInterval(() => this.#checkMemory(stop), watchMs);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = await Promise.race([this.#ask(task), stopped, this.#ended.then(() => this.#crashed())]);
      // Not waited for: it matters to the next task only.
      void this.#look();
      return toResult<Result>(answer);
    } catch (error) {
      if (!(error instanceof TaskFailure)) {
        await this.end();
        throw error;
      }
      throw error.failure;
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      signal.removeEventListener('abort', onAbort);
      this.#letParentEnd(true);
    }
  }

  /** Ends it, whatever it does. Resolves once it is gone. */
  async end(): Promise<void> {
    this.#letParentEnd(false);
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #ask(task: unknown): Promise<TaskMessage> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: TaskMessage) => {
        if (message.kind === 'resident') {
          this.#resident = message.bytes;
          return;
        }
        this.#child.off('message', onMessage);
        resolve(message);
      };
      this.#child.on('message', onMessage);
      this.#child.send(task as object, (error) => {
        if (error) reject(renderFailure('crash', 'The rendering process could not be reached.', error));
      });
    });
  }

  async #checkMemory(stop: (error: AppError) => void): Promise<void> {
    const { memoryBytes } = this.#limits;
    await this.#look();
    if (this.#resident <= memoryBytes) return;
    stop(renderFailure('memory', `It took more than ${Math.round(memoryBytes / 1e6)} MB of memory.`));
  }

  /** Where the parent cannot see it, the process reports it. */
  async #look(): Promise<void> {
    const bytes = this.pid === undefined ? null : await residentBytes(this.pid);
    if (bytes !== null) this.#resident = bytes;
  }

  #crashed(): never {
    const said = new Error(this.#errors.trim() || `exit code ${this.#child.exitCode}, ${this.#child.signalCode}`);
    if (/out of memory/i.test(this.#errors)) throw renderFailure('memory', 'It took more memory than it may.', said);
    throw renderFailure('crash', 'The rendering process ended before it was done.', said);
  }

  /** An idle process does not keep its parent alive. */
  #letParentEnd(may: boolean): void {
    const call = may ? 'unref' : 'ref';
    this.#child[call]();
    this.#child.channel?.[call]();
    (this.#child.stderr as unknown as { ref(): void; unref(): void } | null)?.[call]();
  }
}

/** The task failed, and the process is as good as before. */
class TaskFailure extends Error {
  readonly failure: AppError;

  constructor(failure: AppError) {
    super(failure.message);
    this.failure = failure;
  }
}

function toResult<Result>(answer: TaskMessage): Result {
  if (answer.kind === 'done') return answer.result as Result;
  const { code, message, detail, retryable } = answer as Extract<TaskMessage, { kind: 'failed' }>;
  throw new TaskFailure(new AppError(code, message, { detail, retryable }));
}
