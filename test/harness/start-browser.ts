import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

// The shell first: it is the same engine without a window, whose parts cost about a second of computing for each context.
const programs = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The system's Chromium, headless, talking to nobody but the pages that it is told to open. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? programs.find((program) => existsSync(program));
  if (!executablePath) throw new Error('No Chromium here; scripts/install-test-tools.sh installs it.');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}
