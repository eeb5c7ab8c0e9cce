import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('a process that can start the server ends with the code that it has set: failed tests fail the run', () => {
  const server = new URL('./postgres-server.ts', import.meta.url).href;
  const script = `await import(${JSON.stringify(server)}); process.exitCode = 3;`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(3);
});
