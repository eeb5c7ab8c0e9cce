import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 360, height: 740 };

export interface Credentials {
  email: string;
  password: string;
}

export interface OpenPageOptions extends BrowserContextOptions {
  /** Signed in before the page opens, by cookie. */
  as?: Credentials;
  /** Console errors that the test brings about itself, such as `/status of 401/`. */
  expected?: RegExp[];
}

export interface OpenedPage {
  page: Page;
  /** Errors of the console, of scripts, and of the Content-Security-Policy, but for the expected ones. */
  faults: string[];
}

/** A page in a session of its own, that reports what goes wrong in it. */
export async function openPage(browser: Browser, url: string, options: OpenPageOptions = {}): Promise<OpenedPage> {
  const { as, expected = [], ...context } = options;
  const session = await browser.newContext({
    baseURL: url,
    viewport: desktop,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...context,
  });
  if (as) {
    const { email, password } = as;
    const answer = await session.request.post('/api/auth/sign-in/email', {
      data: { email, password },
      headers: { origin: new URL(url).origin },
    });
    if (!answer.ok()) throw new Error(`${email} could not sign in: ${answer.status()} ${await answer.text()}`);
  }
  const page = await session.newPage();
  const faults: string[] = [];
  const note = (fault: string) => {
    if (!expected.some((pattern) => pattern.test(fault))) faults.push(fault);
  };
  // Chromium writes violations of the Content-Security-Policy into the console, as errors.
  page.on('console', (message) => {
    if (message.type() === 'error') note(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => note(error.stack ?? String(error)));
  return { page, faults };
}
