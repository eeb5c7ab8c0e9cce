import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const options: axe.RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  // A menu stands at the end of the body, in no landmark, by its nature.
  rules: { region: { enabled: false } },
  resultTypes: ['violations'],
};

declare const window: { axe: typeof axe };

/**
 * Every rule of WCAG 2.2 A and AA that axe knows, and its best practices, in both themes: no violation.
 *
 * Not by `@axe-core/playwright`, which for each look loads axe anew, and once more into a blank page of its own to put the
 * results of frames together: 1,350 ms, where this takes 200 ms.
 */
export async function expectAccessible(page: Page): Promise<void> {
  // Axe would have to be in each of them.
  expect(page.frames()).toHaveLength(1);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    if (!(await page.evaluate('"axe" in window'))) await page.evaluate(source);
    const violations = await page.evaluate(async (given) => (await window.axe.run(given)).violations, options);
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id} in ${colorScheme}: ${html}\n${failureSummary}`),
    );
    expect(found).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}
