import type { Page } from 'playwright-core';

/**
 * The page shows what it asked for: no skeleton is left. Not Playwright's `networkidle`: administrators' pages keep a stream
 * of events open, so that the network is never idle.
 */
export async function untilStill(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await page.locator('[aria-hidden="true"] > .animate-pulse').first().waitFor({ state: 'detached', timeout: 20_000 });
}
