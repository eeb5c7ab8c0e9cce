import { createProcessPool } from './process-pool.ts';
import type { RenderedPicture, RenderTask } from './render-derivative.ts';

export interface RendererOptions {
  /** Pictures at once; 2 when absent. */
  processes?: number;
  /** Most resident memory of each process, in bytes; 1 GB when absent. */
  memoryBytes?: number;
  /** Most time for a picture, in seconds; 60 when absent. */
  seconds?: number;
  /** How long an idle process stays, in milliseconds; a minute when absent. */
  idleMs?: number;
}

export interface Renderer {
  /**
   * Renders in a process apart, with limits on memory and time. Throws `render.failed` (its cause in `detail.cause`:
   * see `RenderFailureCause`), the signal's reason, and `service.unavailable` once closed.
   */
  render(task: RenderTask, signal: AbortSignal): Promise<RenderedPicture>;
  /** Ids of the processes that there are now. */
  pids(): number[];
  /** Ends all processes and what they render. */
  close(): Promise<void>;
}

/** Renders pictures of unknown origin. Processes start with the first picture, and leave when there are no more. */
export function createRenderer(options: RendererOptions = {}): Renderer {
  const { processes = 2, memoryBytes = 1_000_000_000, seconds = 60, idleMs = 60_000 } = options;
  const pool = createProcessPool<RenderTask, RenderedPicture>(new URL('./render-process.ts', import.meta.url), {
    processes,
    memoryBytes,
    seconds,
    idleMs,
  });
  return { render: (task, signal) => pool.run(task, signal), pids: pool.pids, close: pool.close };
}
