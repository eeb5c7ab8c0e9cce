import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createProcessPool, type ProcessPoolOptions } from './process-pool.ts';
import type { TestTask } from './testing/task-process.ts';

const signal = new AbortController().signal;

function setup(options: Partial<ProcessPoolOptions> = {}) {
  const pool = createProcessPool<TestTask, unknown>(new URL('./testing/task-process.ts', import.meta.url), {
    processes: 1,
    memoryBytes: 500_000_000,
    seconds: 30,
    idleMs: 60_000,
    ...options,
  });
  onTestFinished(() => pool.close());
  return { pool, run: (task: TestTask, by = signal) => pool.run(task, by) };
}

const failure = (cause: string) =>
  expect.objectContaining({ code: 'render.failed', detail: expect.objectContaining({ cause }) });

/** Whether a process is there and has not ended, waiting to be collected. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

test('processes start with the first task, and one after the other is done by the same', async () => {
  const { pool, run } = setup();
  expect(pool.pids()).toEqual([]);
  expect(await run({ do: 'echo', value: 'first' })).toBe('first');
  const [pid] = pool.pids();
  expect(await run({ do: 'echo', value: 'second' })).toBe('second');
  expect(pool.pids()).toEqual([pid]);
});

test('no more tasks than there may be processes are done at once, and all of them are done', async () => {
  const { pool, run } = setup({ processes: 2 });
  const values = Array.from({ length: 20 }, (_, value) => value);
  expect(await Promise.all(values.map((value) => run({ do: 'echo', value })))).toEqual(values);
  expect(pool.pids()).toHaveLength(2);
});

test('bytes pass as they are', async () => {
  const bytes = Buffer.alloc(20_000_000, 'bytes');
  const { run } = setup();
  expect(bytes.equals((await run({ do: 'echo', value: bytes })) as Uint8Array)).toBe(true);
});

test('a process without work leaves after its time', async () => {
  const { pool, run } = setup({ idleMs: 10 });
  await run({ do: 'echo', value: 1 });
  const [pid] = pool.pids();
  await vi.waitUntil(() => pool.pids().length === 0);
  expect(isRunning(pid!)).toBe(false);
  expect(await run({ do: 'echo', value: 2 })).toBe(2);
});

test('what a task throws arrives as it was, and the process stays', async () => {
  const { pool, run } = setup();
  await expect(run({ do: 'refuse' })).rejects.toMatchObject({
    code: 'input.invalid',
    message: 'Refused.',
    detail: { fact: 1 },
  });
  const [pid] = pool.pids();
  await expect(run({ do: 'throw' })).rejects.toThrow(failure('crash'));
  await run({ do: 'echo', value: 1 });
  expect(pool.pids()).toEqual([pid]);
});

const faults = [
  ['takes more memory than it may', 'allocate', 'memory', {}],
  ['fills its heap', 'fillHeap', 'memory', { memoryBytes: 4_000_000_000 }],
  ['takes longer than it may', 'wait', 'time', { seconds: 0.5 }],
  ['loops for ever', 'loop', 'time', { seconds: 0.5 }],
  ['ends its process', 'exit', 'crash', {}],
] as const;

test.each(faults)(
  'a task that %s fails, its process is gone, and the next task is done',
  async (_, what, cause, given) => {
    const { pool, run } = setup(given);
    const failing = run({ do: what });
    const [pid] = await vi.waitUntil(() => (pool.pids().length > 0 ? pool.pids() : null));
    await expect(failing).rejects.toThrow(failure(cause));
    expect(isRunning(pid!)).toBe(false);
    await expect(setup().run({ do: 'echo', value: 1 })).resolves.toBe(1);
    if (cause !== 'time') expect(await run({ do: 'echo', value: 2 })).toBe(2);
  },
);

test('a task that is aborted rejects with the reason, and its process is gone', async () => {
  const { pool, run } = setup();
  await run({ do: 'echo', value: 1 });
  const [pid] = pool.pids();
  const abort = new AbortController();
  const loop = run({ do: 'loop' }, abort.signal);
  // By then the process has been given the task.
  await new Promise(setImmediate);
  abort.abort(new Error('no longer wanted'));
  await expect(loop).rejects.toThrow('no longer wanted');
  expect(isRunning(pid!)).toBe(false);
  expect(await run({ do: 'echo', value: 2 })).toBe(2);
});

test('a task that is aborted while it waits for its turn takes no turn', async () => {
  const { run } = setup();
  const [busy, queued] = [new AbortController(), new AbortController()];
  const first = run({ do: 'wait' }, busy.signal);
  const second = run({ do: 'echo', value: 2 }, queued.signal);
  const third = run({ do: 'echo', value: 3 });
  queued.abort(new Error('left'));
  await expect(second).rejects.toThrow('left');
  busy.abort(new Error('done'));
  await expect(first).rejects.toThrow('done');
  expect(await third).toBe(3);
});

test('a task that is aborted at the very moment of its turn takes that of no other', async () => {
  const { run } = setup();
  // Whichever of these steps it is in which the turn passes on, every task behind gets its own.
  for (let steps = 0; steps < 20; steps++) {
    const [ahead, leaving] = [new AbortController(), new AbortController()];
    const tasks = Promise.allSettled([
      run({ do: 'echo', value: 1 }, ahead.signal),
      run({ do: 'echo', value: 2 }, leaving.signal),
    ]);
    const behind = run({ do: 'echo', value: 3 });
    ahead.abort(new Error('left'));
    for (let step = 0; step < steps; step++) await null;
    leaving.abort(new Error('left'));
    expect(await behind, `after ${steps} steps`).toBe(3);
    expect((await tasks).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  }
});

test('closing ends all processes, and refuses what waits and what comes', async () => {
  const { pool, run } = setup();
  await run({ do: 'echo', value: 1 });
  const [pid] = pool.pids();
  const tasks = [run({ do: 'loop' }), run({ do: 'echo', value: 1 })];
  const refused = { code: 'service.unavailable', retryable: true };
  const outcomes = Promise.all(tasks.map((task) => expect(task).rejects.toMatchObject(refused)));
  await pool.close();
  await outcomes;
  expect(isRunning(pid!)).toBe(false);
  await expect(run({ do: 'echo', value: 1 })).rejects.toMatchObject(refused);
});

test('a process knows nothing of its parent’s environment that could be a secret', async () => {
  process.env.SHEAF_TEST_SECRET = 'secret';
  onTestFinished(() => {
    delete process.env.SHEAF_TEST_SECRET;
  });
  const names = (await setup().run({ do: 'tell', what: 'environment' })) as string[];
  expect(names).not.toContain('SHEAF_TEST_SECRET');
  expect(names).toContain('PATH');
});

test.each(['wait', 'loop'] as const)('a process that has to %s ends when its parent is killed', async (what) => {
  const owner = fork(fileURLToPath(new URL('./testing/pool-owner.ts', import.meta.url)), [what], { execArgv: [] });
  const [[pid]] = (await once(owner, 'message')) as [[number]];
  expect(isRunning(pid)).toBe(true);
  owner.kill('SIGKILL');
  await vi.waitUntil(() => !isRunning(pid), { timeout: 20_000 });
});
