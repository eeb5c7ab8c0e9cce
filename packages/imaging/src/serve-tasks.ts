import { Worker } from 'node:worker_threads';
import { AppError } from '@sheaf/domain/app-error';
import { renderFailure } from './render-failure.ts';
import type { TaskMessage } from './task-messages.ts';

const reportMs = 50;

export interface ServeTasksOptions {
  /** Whether tasks may keep the event loop busy for long: then a thread looks after the parent. */
  blocking?: boolean;
}

/**
 * Makes this process one that does its parent's tasks, one at a time (see `LimitedProcess`). It ends with its parent,
 * however that ends.
 */
export function serveTasks<Task>(perform: (task: Task) => Promise<unknown>, options: ServeTasksOptions = {}): void {
  // Whoever interrupts the terminal means the parent, which lets its work end in order.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('disconnect', endAtOnce);
  if (options.blocking) watchParent();
  if (process.platform !== 'linux') {
    setInterval(() => tell({ kind: 'resident', bytes: process.memoryUsage.rss() }), reportMs).unref();
  }
  process.on('message', async (task: Task) => {
    try {
      tell({ kind: 'done', result: await perform(task) });
    } catch (error) {
      const failure = error instanceof AppError ? error : renderFailure('crash', 'The rendering failed.', error);
      const { code, message, detail, retryable } = failure;
      tell({ kind: 'failed', code, message, detail, retryable });
    }
  });
}

function tell(message: TaskMessage): void {
  // A parent that is gone has nothing to be told; `disconnect` ends this process.
  process.send?.(message, () => {});
}

/** Not `process.exit`, which waits for libvips' threads. */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

/**
 * A process whose parent dies gets another one; a busy event loop would not notice that its channel has closed. Whose
 * child this is, is known before the thread runs, so that no parent is missed that dies in between.
 */
function watchParent(): void {
  const watch = `
    setInterval(() => { if (process.ppid !== ${process.ppid}) process.kill(process.pid, 'SIGKILL'); }, 500);
  `;
  new Worker(watch, { eval: true }).unref();
}
