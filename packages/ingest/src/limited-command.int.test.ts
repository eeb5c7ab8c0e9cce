import { expect, onTestFinished, test } from 'vitest';
import { type CommandLimits, runLimited } from './limited-command.ts';

const signal = new AbortController().signal;

/** Runs JavaScript in a Node process of its own. */
const run = (script: string, given: Partial<CommandLimits> = {}, by = signal) =>
  runLimited(process.execPath, ['-e', script], { seconds: 30, memoryBytes: 1e9, outputBytes: 1e6, ...given }, by);

test('a program’s output, errors and exit code are given', async () => {
  const result = await run('process.stdout.write("out"); console.error("wrong"); process.exitCode = 3;');
  expect(result).toEqual({ exitCode: 3, output: Buffer.from('out'), errors: 'wrong\n' });
});

test('arguments reach the program as they are', async () => {
  const hostile = '$(touch /tmp/sheaf); "`\'';
  const limits = { seconds: 30, memoryBytes: 1e9, outputBytes: 1e6 };
  const { output } = await runLimited(process.execPath, ['-p', 'process.argv[1]', hostile], limits, signal);
  expect(output.toString()).toBe(`${hostile}\n`);
});

test.each([
  ['time', 'for (;;);', { seconds: 0.3 }],
  ['size', 'for (;;) require("fs").writeSync(1, "x".repeat(1000));', { outputBytes: 10_000 }],
  ['memory', 'const kept = []; for (;;) kept.push(Buffer.alloc(1e7, 1));', { memoryBytes: 300_000_000 }],
] as const)('a program that goes beyond its limit of %s is ended', async (cause, script, given) => {
  await expect(run(script, given)).rejects.toMatchObject({ code: 'render.failed', detail: { cause } });
});

test('a program is ended when it is no longer wanted', async () => {
  const abort = new AbortController();
  const endless = run('for (;;);', {}, abort.signal);
  abort.abort(new Error('no longer wanted'));
  await expect(endless).rejects.toThrow('no longer wanted');
});

test('a program that is not there is an error', async () => {
  const limits = { seconds: 1, memoryBytes: 1e9, outputBytes: 1e6 };
  await expect(runLimited('there-is-no-such-program', [], limits, signal)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a program knows nothing of this process’ environment that could be a secret', async () => {
  process.env.SHEAF_TEST_SECRET = 'secret';
  onTestFinished(() => {
    delete process.env.SHEAF_TEST_SECRET;
  });
  const { output } = await run('process.stdout.write(JSON.stringify(Object.keys(process.env)))');
  const names: string[] = JSON.parse(String(output));
  expect(names).not.toContain('SHEAF_TEST_SECRET');
  expect(names).toContain('PATH');
});
