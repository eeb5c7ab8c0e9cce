import path from 'node:path';
import { loadConfig } from '@sheaf/runtime/load-config';
import { makeFirstDownload, prepareFirstRun } from '@sheaf/standalone/first-run';
import { startSystem } from '@sheaf/standalone/start-system';
import { openPage, type SignedIn, signInByCookie } from '../../test/harness/page.ts';
import { startBrowser } from '../../test/harness/start-browser.ts';
import { median } from './measure.ts';

const rounds = 5;

interface Painted {
  /** From the navigation to the first text or picture, in milliseconds. */
  firstContentfulPaint: number;
  /** How far what was there has moved by itself, as browsers measure it: 0 is not at all. */
  layoutShift: number;
}

interface PaintFigures {
  firstContentfulPaintMs: { median: number; most: number };
  layoutShift: { most: number };
}

/** The sample catalogue as `npm start` brings it in, in a browser that has never been there, on the largest screens. */
export async function benchPaint(folder: string): Promise<Record<string, PaintFigures>> {
  const env = { ...process.env, DATA_DIR: path.join(folder, 'data'), PORT: '0', LOG_LEVEL: 'error' };
  const system = await startSystem({ settings: loadConfig(env), env, show: (line) => console.error(line) });
  try {
    const first = await prepareFirstRun(system);
    if (!first?.samples) throw new Error('The sample pictures are not installed.');
    const { requester, administrator } = first.users;
    await makeFirstDownload(system.url, requester);
    const browser = await startBrowser();
    try {
      const asRequester = await signInByCookie(browser, system.url, requester);
      const asAdministrator = await signInByCookie(browser, system.url, administrator);
      const screens: Record<string, { at: string; as?: SignedIn }> = {
        signIn: { at: '/sign-in' },
        assets: { at: '/assets', as: asRequester },
        asset: { at: `/assets/${first.samples.assetIds[0]}`, as: asRequester },
        downloads: { at: '/downloads', as: asRequester },
        inbox: { at: '/inbox', as: asRequester },
        overview: { at: '/admin', as: asAdministrator },
        adminDownloads: { at: '/admin/downloads', as: asAdministrator },
        queues: { at: '/admin/queues', as: asAdministrator },
      };
      const figures: Record<string, PaintFigures> = {};
      for (const [name, { at, as }] of Object.entries(screens)) {
        const painted: Painted[] = [];
        for (let round = 0; round < rounds; round += 1) painted.push(await paint(browser, system.url + at, as));
        const times = painted.map(({ firstContentfulPaint }) => firstContentfulPaint);
        figures[name] = {
          firstContentfulPaintMs: { median: median(times), most: Math.max(...times) },
          layoutShift: { most: Math.max(...painted.map(({ layoutShift }) => layoutShift)) },
        };
      }
      return figures;
    } finally {
      await browser.close();
    }
  } finally {
    await system.stop();
  }
}

/** Opens a page in a context of its own, whose cache is empty, and looks at it for two seconds. */
async function paint(
  browser: Awaited<ReturnType<typeof startBrowser>>,
  url: string,
  storageState?: SignedIn,
): Promise<Painted> {
  const { page } = await openPage(browser, new URL(url).origin, { ...(storageState && { storageState }) });
  try {
    await page.goto(url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return await page.evaluate<Painted>(`new Promise((resolve) => {
      let layoutShift = 0;
      new PerformanceObserver((list) => {
        for (const { hadRecentInput, value } of list.getEntries()) if (!hadRecentInput) layoutShift += value;
      }).observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => resolve({
        firstContentfulPaint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
        layoutShift,
      }), 2_000);
    })`);
  } finally {
    await page.context().close();
  }
}
