import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import {
  type Credentials,
  type OpenedPage,
  type OpenPageOptions,
  openPage,
  type SignedIn,
  signInByCookie,
} from './page.ts';
import { startBrowser } from './start-browser.ts';
import { setupSystem, type TestSystem } from './system.ts';

/** Nothing on the page is wider than the page. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, room] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  expect(content).toBeLessThanOrEqual(room);
}

export interface DashboardUnderTest {
  readonly system: TestSystem;
  readonly browser: Browser;
  /** A page that is closed when the test has ended; one opened in `beforeAll` is the file's to close. */
  openPage(options?: DashboardPageOptions): Promise<OpenedPage>;
}

export interface DashboardPageOptions extends OpenPageOptions {
  /** Nobody where absent. */
  as?: 'requester' | 'auditor' | 'administrator' | Credentials;
  /** Where the test ends the session: not the one that the other tests have. */
  ownSession?: boolean;
}

/**
 * The whole product and a browser for all tests of a file: to be called at its top. `prepare` fills the catalogue, which is
 * empty at first; `env` sets what differs from the default settings.
 */
export function useDashboard(
  prepare: (system: TestSystem) => Promise<unknown> = async () => {},
  env: Record<string, string> = {},
): DashboardUnderTest {
  let system: TestSystem | undefined;
  let browser: Browser | undefined;
  const sessions = new Map<string, Promise<SignedIn>>();
  let before: BrowserContext[] = [];
  beforeEach(() => {
    before = browser?.contexts() ?? [];
  });
  // What a test has opened would go on reading events and asking for news under the tests after it.
  afterEach(async () => {
    const opened = browser?.contexts().filter((context) => !before.includes(context)) ?? [];
    await Promise.all(opened.map((context) => context.close()));
  });
  beforeAll(async () => {
    [system, browser] = await Promise.all([setupSystem(env), startBrowser()]);
    await prepare(system);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });
  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('The system has not started.');
    return value;
  };
  return {
    get system() {
      return started(system);
    },
    get browser() {
      return started(browser);
    },
    async openPage({ as, ownSession = false, ...options } = {}) {
      const [{ url, ...users }, open] = [started(system), started(browser)];
      const credentials = typeof as === 'string' ? users[as] : as;
      if (!credentials) return openPage(open, url, options);
      const known = ownSession ? undefined : sessions.get(credentials.email);
      const session = known ?? signInByCookie(open, url, credentials);
      if (!ownSession) sessions.set(credentials.email, session);
      return openPage(open, url, { ...options, storageState: await session });
    },
  };
}
