import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '@sheaf/runtime/load-config';
import { makeFirstDownload, prepareFirstRun } from '@sheaf/standalone/first-run';
import { startSystem } from '@sheaf/standalone/start-system';
import { desktop, openPage, phone, signInByCookie } from '../harness/page.ts';
import { startBrowser } from '../harness/start-browser.ts';
import { untilStill } from '../harness/until-still.ts';
import { screens } from './screens.ts';

/**
 * Takes a picture of every screen of a new installation with the sample catalogue, wide and narrow, light and dark.
 * Arguments: names of screens, to take only those.
 */
const target = fileURLToPath(new URL('../../screenshots', import.meta.url));
const wanted = process.argv.slice(2);
/** For the page: waits for what is shown of it. As a text, since the policy forbids what Playwright polls with. */
const picturesInSight = `Promise.allSettled([...document.images]
  .filter((image) => image.getBoundingClientRect().top < innerHeight)
  .map((image) => image.decode()))`;
const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-screenshots-'));
const env = { ...process.env, PORT: '0', DATA_DIR: path.join(folder, 'data'), LOG_LEVEL: 'warn' };
const system = await startSystem({ settings: loadConfig(env), env, show: console.log });
const browser = await startBrowser();
try {
  const first = await prepareFirstRun(system);
  if (!first?.samples) throw new Error('The sample pictures are not installed.');
  await makeFirstDownload(system.url, first.users.requester);
  const sessions = {
    nobody: undefined,
    requester: await signInByCookie(browser, system.url, first.users.requester),
    administrator: await signInByCookie(browser, system.url, first.users.administrator),
  };
  await mkdir(target, { recursive: true });
  for (const [width, viewport] of Object.entries({ wide: desktop, narrow: phone })) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const screen of screens.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
        const storageState = sessions[screen.as];
        const { page } = await openPage(browser, system.url, {
          ...(storageState && { storageState }),
          viewport,
          colorScheme,
        });
        await page.goto(screen.path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await untilStill(page);
        await screen.prepare?.(page);
        await untilStill(page);
        await page.evaluate(picturesInSight);
        await page.screenshot({ path: path.join(target, `${screen.name}-${width}-${colorScheme}.png`) });
        await page.context().close();
      }
    }
  }
  console.log(`The pictures are in ${target}.`);
} finally {
  await browser.close();
  await system.stop();
  await rm(folder, { recursive: true, force: true });
}
