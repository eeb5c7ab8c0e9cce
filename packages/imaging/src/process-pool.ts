import { AppError } from '@sheaf/domain/app-error';
import { LimitedProcess, type ProcessLimits } from './limited-process.ts';

export interface ProcessPoolOptions extends ProcessLimits {
  /** Most tasks at once; each has a process to itself. */
  processes: number;
  /** How long a process waits for another task before it leaves. */
  idleMs: number;
}

export interface ProcessPool<Task, Result> {
  /** Does one task as soon as a process is free. Throws as `LimitedProcess.run`, and `service.unavailable` once closed. */
  run(task: Task, signal: AbortSignal): Promise<Result>;
  /** Ids of the processes that there are now. */
  pids(): number[];
  /** Ends all processes and whatever they do. */
  close(): Promise<void>;
}

/** Processes that start when they are needed and leave when they are not. `module` calls `serveTasks`. */
export function createProcessPool<Task, Result>(module: URL, options: ProcessPoolOptions): ProcessPool<Task, Result> {
  const all = new Set<LimitedProcess>();
  const idle: { process: LimitedProcess; leave: NodeJS.Timeout }[] = [];
  const waiting: (() => void)[] = [];
  const closing = new AbortController();
  let free = options.processes;

  async function takeTurn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (free > 0) {
      free--;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => {
      const at = waiting.indexOf(resolve);
      // One that was given its turn just now waits no longer, and does notice the signal before its task.
      if (at >= 0) waiting.splice(at, 1);
      reject(signal.reason);
    };
    waiting.push(resolve);
    signal.addEventListener('abort', onAbort, { once: true });
    await promise;
    signal.removeEventListener('abort', onAbort);
  }

  function giveTurn(): void {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }

  function take(): LimitedProcess {
    for (let found = idle.pop(); found; found = idle.pop()) {
      clearTimeout(found.leave);
      if (found.process.isReusable) return found.process;
      void drop(found.process);
    }
    const process = new LimitedProcess(module, options);
    all.add(process);
    return process;
  }

  function putBack(process: LimitedProcess): void {
    if (closing.signal.aborted || !process.isReusable) {
      void drop(process);
      return;
    }
    const leave = setTimeout(() => {
      idle.splice(
        idle.findIndex((candidate) => candidate.process === process),
        1,
      );
      void drop(process);
    }, options.idleMs).unref();
    idle.push({ process, leave });
  }

  async function drop(process: LimitedProcess): Promise<void> {
    await process.end();
    all.delete(process);
  }

  return {
    async run(task, signal) {
      const ending = AbortSignal.any([signal, closing.signal]);
      await takeTurn(ending);
      try {
        const process = take();
        try {
          return await process.run<Result>(task, ending);
        } finally {
          putBack(process);
        }
      } finally {
        giveTurn();
      }
    },
    pids: () => [...all].flatMap(({ pid }) => pid ?? []),
    async close() {
      closing.abort(new AppError('service.unavailable', 'Rendering has been stopped.', { retryable: true }));
      for (const { leave } of idle) clearTimeout(leave);
      await Promise.all([...all].map(drop));
    },
  };
}
