import { createProcessPool } from '../process-pool.ts';

/** A parent to be killed: starts one task that never ends, and tells the id of the process that does it. */
const pool = createProcessPool(new URL('./task-process.ts', import.meta.url), {
  processes: 1,
  memoryBytes: 1e9,
  seconds: 300,
  idleMs: 1_000,
});
const signal = new AbortController().signal;
await pool.run({ do: 'echo' }, signal);
void pool.run({ do: process.argv[2] }, signal);
process.send?.(pool.pids());
