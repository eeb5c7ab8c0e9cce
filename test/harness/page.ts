import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 360, height: 740 };

export interface Credentials {
  email: string;
  password: string;
}

/** The cookies of a new session. The api takes ten sign-ins a minute: one for each person has to do. */
export async function signInByCookie(browser: Browser, url: string, credentials: Credentials): Promise<SignedIn> {
  const context = await browser.newContext({ baseURL: url });
  try {
    const answer = await context.request.post('/api/auth/sign-in/email', {
      data: { email: credentials.email, password: credentials.password },
      headers: { origin: new URL(url).origin },
    });
    if (!answer.ok()) {
      throw new Error(`${credentials.email} could not sign in: ${answer.status()} ${await answer.text()}`);
    }
    return await context.storageState();
  } finally {
    await context.close();
  }
}

export type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>;

export interface OpenPageOptions extends BrowserContextOptions {
  /** Console errors that the test brings about itself, such as `/status of 401/`. */
  expected?: RegExp[];
}

export interface OpenedPage {
  page: Page;
  /** Errors of the console, of scripts, and of the Content-Security-Policy, but for the expected ones. */
  faults: string[];
}

/** A page in a context of its own, signed in where it is given a `storageState`, that reports what goes wrong in it. */
export async function openPage(browser: Browser, url: string, options: OpenPageOptions = {}): Promise<OpenedPage> {
  const { expected = [], ...context } = options;
  const session = await browser.newContext({
    baseURL: url,
    viewport: desktop,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...context,
  });
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
