import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '@sheaf/db/database';
import { ensureSigningKey } from '@sheaf/db/evidence/change-signing-key';
import { publicJwk } from '@sheaf/evidence/key-set';
import { setupBundles } from '@sheaf/evidence/testing/bundle';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../../test/harness/postgres.ts';

const bin = fileURLToPath(new URL('../../bin/sheaf.js', import.meta.url));

async function setup() {
  const bundles = await setupBundles();
  const keys = path.join(bundles.folder, 'keys.json');
  const jwks = JSON.stringify({ keys: [publicJwk(bundles.key.publicKey)] });
  await writeFile(keys, jwks);
  const dataFolder = path.join(bundles.folder, 'data');
  return {
    ...bundles,
    keysFile: keys,
    jwks,
    dataFolder,
    /** Runs `sheaf` to its end. */
    async sheaf(args: string[], env: Record<string, string> = {}) {
      const child = spawn(process.execPath, [bin, ...args], {
        env: { PATH: process.env.PATH, DATA_DIR: dataFolder, ...env },
        stdio: 'pipe',
      });
      const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
      return { code, stdout, stderr };
    },
  };
}

test('a genuine archive: exit code 0, and who was handed what under which terms', async () => {
  const { write, keysFile, sheaf } = await setup();
  const file = await write();
  const { code, stdout, stderr } = await sheaf(['verify', file, '--keys', keysFile]);
  expect(stderr).toBe('');
  expect(stdout.split('\n')).toEqual([
    `${file} is genuine.`,
    '  download  download from https://sheaf.example, part 1 of 1',
    '  requested 2026-11-01T12:00:00.123Z by Requester <requester@example.com>',
    expect.stringMatching(/^ {2}holds {5}6 files, /),
    '  terms     “Press”, version 1, accepted 2026-11-01T12:00:00.123Z',
    '',
  ]);
  expect(code).toBe(0);
});

test('one of several archives tampered with: exit code 1, and a sentence for each fault', async () => {
  const { write, keysFile, sheaf } = await setup();
  const good = await write();
  const bad = await write({ tamper: (files) => files.delete('größe/0.jpg') });
  const { code, stdout } = await sheaf(['verify', good, bad, '--keys', keysFile]);
  expect(stdout).toContain(`${good} is genuine.\n`);
  expect(stdout).toContain(`${bad} is NOT genuine.\n  größe/0.jpg is missing.\n`);
  expect(code).toBe(1);
});

test('--json prints one line with every fault', async () => {
  const { write, keysFile, sheaf } = await setup();
  const file = await write({ tamper: (files) => files.delete('größe/0.jpg') });
  const { code, stdout } = await sheaf(['verify', file, '--keys', keysFile, '--json']);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({
    genuine: false,
    archives: [
      {
        file,
        genuine: false,
        faults: [{ code: 'file.missing', path: 'größe/0.jpg', message: 'größe/0.jpg is missing.' }],
      },
    ],
  });
  expect(code).toBe(1);
});

test('keys may be fetched from the instance', async () => {
  const { write, jwks, sheaf } = await setup();
  const server = createServer((_request, response) => response.end(jwks)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/sheaf-keys.json`;
  expect((await sheaf(['verify', await write(), '--keys', url])).code).toBe(0);
});

test('what cannot be used ends with exit code 2 and one line that says what it is', async () => {
  const { write, keysFile, sheaf, folder } = await setup();
  const file = await write();
  const missing = path.join(folder, 'missing.zip');
  const noArchive = await sheaf(['verify', missing, '--keys', keysFile]);
  expect(noArchive).toMatchObject({ code: 2, stdout: '' });
  expect(noArchive.stderr).toMatch(/^sheaf: .*missing\.zip cannot be read: ENOENT.*\n$/);
  const noKeys = await sheaf(['verify', file, '--keys', file]);
  expect(noKeys).toMatchObject({ code: 2, stdout: '' });
  expect(noKeys.stderr).toMatch(/^sheaf: In \S+ there are no keys as \/\.well-known\/sheaf-keys\.json lists them\.\n$/);
});

test('without --keys and without an installation it asks for them, and makes no installation', async () => {
  const { write, sheaf, folder } = await setup();
  const { code, stderr } = await sheaf(['verify', await write()]);
  expect(stderr).toMatch(/^sheaf: Name the keys of the instance that made the archive: --keys <file or URL>.*\n$/);
  expect(code).toBe(2);
  expect(await readdir(folder)).not.toContain('data');
});

test('without --keys those of the installation count; after `keys rotate` the old one still verifies, after `keys revoke` not', async () => {
  const { key, write, sheaf } = await setup();
  const database = await createTestDatabase();
  const db = createDatabase(database.url, { maxConnections: 2 });
  onTestFinished(async () => {
    await db.close();
    await database.drop();
  });
  const { privateKey, ...record } = key;
  const make = () => ({ ...record, sealedPrivateKey: Buffer.from(privateKey) });
  await db.transaction((tx) => ensureSigningKey(tx, make, new Date('2026-01-01')));
  const env = { DATABASE_URL: database.url, SECRET_KEY: 'a secret key for tests, long enough' };
  const file = await write();
  expect((await sheaf(['verify', file], env)).code).toBe(0);

  const rotated = await sheaf(['keys', 'rotate'], env);
  expect(rotated.stdout).toMatch(/^From now on the key [\w-]{43} signs\./);
  const rows = await db.orm.execute('select retired_at is null as signs from signing_keys order by created_at');
  expect([...rows]).toEqual([{ signs: false }, { signs: true }]);
  expect((await sheaf(['verify', file], env)).code).toBe(0);

  const revoked = await sheaf(['keys', 'revoke', key.kid], env);
  expect(revoked).toMatchObject({
    code: 0,
    stdout: `The key ${key.kid} is revoked: nothing that it signed verifies any more.\n`,
  });
  expect((await sheaf(['verify', file], env)).code).toBe(1);
  const unknown = await sheaf(['keys', 'revoke', '-unknown'], env);
  expect(unknown).toMatchObject({ code: 1, stderr: 'sheaf: There is no key -unknown.\n' });
});

test('keys rotate needs the secret that private keys are sealed with', async () => {
  const { sheaf } = await setup();
  const { code, stderr } = await sheaf(['keys', 'rotate'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
  expect(stderr).toBe('sheaf: SECRET_KEY is required: the private key is sealed with it.\n');
  expect(code).toBe(1);
});

test('an archive is read as what it is, whatever its name', async () => {
  const { write, keysFile, sheaf, folder } = await setup();
  const file = path.join(folder, 'download');
  await writeFile(file, await readFile(await write({ format: 'tar' })));
  expect((await sheaf(['verify', file, '--keys', keysFile])).code).toBe(0);
});
