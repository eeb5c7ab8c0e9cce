import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { testSecretKey } from '../../../test/harness/api.ts';
import { setupDownloads } from '../../../test/harness/downloads.ts';

/** Sets the clock of a whole process back by an hour. */
const anHourBack = `data:text/javascript,
  const now = Date.now;
  globalThis.Date = class extends Date {
    constructor(...given) { super(...(given.length === 0 ? [now() - 3600000] : given)); }
    static now() { return now() - 3600000; }
  };`;

/** The api's process, and a download that is ready, with its link. */
async function setup(nodeFlags: string[]) {
  const downloads = await setupDownloads();
  onTestFinished(downloads.close);
  const { assetId } = await downloads.addAsset();
  const downloadId = await downloads.request([assetId]);
  const { token } = await downloads.publish(downloadId);
  const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), [], {
    env: {
      PATH: process.env.PATH,
      LOG_LEVEL: 'silent',
      DATABASE_URL: downloads.databaseUrl,
      DATA_DIR: downloads.storageFolder,
      SECRET_KEY: testSecretKey,
      PORT: '0',
    },
    execArgv: nodeFlags,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const { headers } = downloads.users.requester;
  return {
    orm: downloads.db.orm,
    open: async () => (await fetch(`${url}/d/${token}`)).status,
    async state() {
      const answer = await fetch(`${url}/api/v1/downloads/${downloadId}`, { headers });
      return ((await answer.json()) as { state: string }).state;
    },
    me: async () => (await fetch(`${url}/api/v1/me`, { headers })).status,
  };
}

test("what is over ends by the database's time, also where the clock of the api was set back", async () => {
  const { orm, open, state, me } = await setup(['--import', anHourBack]);
  expect([await open(), await state(), await me()]).toEqual([200, 'ready', 200]);

  for (const table of ['links', 'downloads']) {
    await orm.execute(`update ${table} set expires_at = now() - interval '30 minutes'`);
  }
  expect([await open(), await state()]).toEqual([410, 'expired']);
  await orm.execute("update api_tokens set expires_at = now() - interval '30 minutes'");
  expect(await me()).toBe(401);
});
