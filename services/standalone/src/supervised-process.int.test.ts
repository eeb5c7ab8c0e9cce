import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { superviseProcess } from './supervised-process.ts';

const cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function setup(source: string) {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-supervised-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  const module = path.join(folder, 'child.mjs');
  await writeFile(module, source);
  const logFile = path.join(folder, 'child.log');
  const shown: string[] = [];
  return {
    shown,
    log: () => readFile(logFile, 'utf8'),
    async supervise(readyWithinMs?: number) {
      const child = await superviseProcess({
        name: 'child',
        module,
        env: { PATH: process.env.PATH, GREETING: 'hello' },
        logFile,
        show: (line) => shown.push(line),
        ...(readyWithinMs === undefined ? {} : { readyWithinMs }),
      });
      cleanUps.push(() => child.stop(0));
      return child;
    },
  };
}

const ready = "process.send({ type: 'ready' }); setInterval(() => {}, 1_000);";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a killed process is back after a pause, and its restart is told', async () => {
  const { supervise, shown } = await setup(ready);
  const child = await supervise();
  const first = child.pid!;
  process.kill(first, 'SIGKILL');
  await vi.waitFor(() => expect(child.pid).not.toBe(first), { timeout: 5_000 });
  await vi.waitFor(() => expect(child.pid).toBeDefined(), { timeout: 5_000 });
  expect(shown).toEqual(['child ended (SIGKILL); starting it again in 1 s']);
});

test('its output goes to the log, and only warnings and errors are shown', async () => {
  const { supervise, shown, log } = await setup(`
    console.log(JSON.stringify({ level: 30, msg: process.env.GREETING }));
    process.on('SIGTERM', () => {
      console.log(JSON.stringify({ level: 40, msg: 'slow', err: { message: 'the disk' } }));
      console.error('on stderr');
      process.exit();
    });
    ${ready}`);
  const child = await supervise();
  await child.stop(5_000);
  expect(await log()).toContain('"msg":"hello"');
  expect(await log()).toContain('on stderr');
  expect(shown.toSorted()).toEqual(['child: on stderr', 'child: slow: the disk']);
});

test('stopping asks with SIGTERM, waits for the end, and nothing comes back', async () => {
  const { supervise, shown, log } = await setup(`
    process.on('SIGTERM', () => setTimeout(() => { console.log('drained'); process.exit(); }, 100));
    ${ready}`);
  const child = await supervise();
  const pid = child.pid!;
  await child.stop(5_000);
  expect(isAlive(pid)).toBe(false);
  expect(await log()).toContain('drained');
  expect(shown).toEqual([]);
});

test('a process that does not stop is killed at the deadline', async () => {
  const { supervise } = await setup(`process.on('SIGTERM', () => {}); ${ready}`);
  const child = await supervise();
  const pid = child.pid!;
  await child.stop(200);
  expect(isAlive(pid)).toBe(false);
});

test('a process that ends before it is ready fails the start with the reason it gave', async () => {
  const { supervise, shown } = await setup("console.error('Port 1 is in use.'); process.exitCode = 1;");
  await expect(supervise()).rejects.toMatchObject({
    code: 'service.unavailable',
    message: 'Port 1 is in use.',
  });
  expect(shown).toEqual([]);
});

test('a process that is not ready in time fails the start and is not left running', async () => {
  const { supervise } = await setup('console.error(process.pid); setInterval(() => {}, 1_000);');
  await expect(supervise(1_000)).rejects.toThrow('it was not ready within 1 s');
});

test('Ctrl-C in the terminal does not reach it: it has a session of its own', async () => {
  const { supervise } = await setup(ready);
  const child = await supervise();
  const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
  const [, , processGroup, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  expect([processGroup, session]).toEqual([String(child.pid), String(child.pid)]);
});
