import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test.each(['throw error;', 'Promise.reject(error);'])(
  'a process with %s that nobody handles ends with code 1, and says why without the values of the query',
  (end) => {
    const program = `
      import { endOnUncaughtError } from ${JSON.stringify(new URL('./end-on-uncaught-error.ts', import.meta.url).href)};
      endOnUncaughtError('The worker');
      setInterval(() => {}, 1_000);
      const error = Object.assign(new Error('Failed query: select $1\\nparams: a-secret'), { params: ['a-secret'] });
      ${end}`;

    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
      timeout: 20_000,
    });

    expect(status).toBe(1);
    expect(stderr).toContain('The worker broke: Error: Failed query: select $1\n');
    expect(stderr).not.toContain('a-secret');
  },
);
