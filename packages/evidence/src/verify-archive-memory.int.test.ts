import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { setupBundles } from './testing/bundle.ts';

const MiB = 1024 * 1024;

const program = `
  import { readFileSync } from 'node:fs';
  import { verifyArchive } from ${JSON.stringify(fileURLToPath(new URL('verify-archive.ts', import.meta.url)))};
  import { keySetOf } from ${JSON.stringify(fileURLToPath(new URL('key-set.ts', import.meta.url)))};
  const [file, key] = process.argv.slice(2);
  const { genuine } = await verifyArchive(file, keySetOf([Buffer.from(key, 'hex')]));
  // Not maxRSS of resourceUsage(): that of the process which started this one counts towards it.
  const peak = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  console.log(JSON.stringify({ genuine, peak }));
`;

test.each(['zip', 'tar', 'tar.gz'] as const)('a %s takes no more memory for being larger', async (format) => {
  const bundles = await setupBundles();
  const script = path.join(bundles.folder, 'verify.mjs');
  await writeFile(script, program);

  async function verify(size: number): Promise<{ genuine: boolean; peak: number }> {
    const file = await bundles.write({ format, contents: [Buffer.alloc(size, 'sheaf')] });
    const key = bundles.key.publicKey.toString('hex');
    const { stdout } = await promisify(execFile)(process.execPath, [script, file, key]);
    return JSON.parse(stdout);
  }

  const small = await verify(2 * MiB);
  const large = await verify(300 * MiB);
  expect([small.genuine, large.genuine]).toEqual([true, true]);
  // Buffers that are not yet collected vary by some tens of megabytes; 300 more would show.
  expect(large.peak - small.peak).toBeLessThan(120 * MiB);
});
