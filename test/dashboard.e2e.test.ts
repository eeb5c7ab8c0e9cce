import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { DownloadJson } from '@sheaf/contract/download';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from './harness/browser.ts';
import { addSampleAssets } from './harness/sample-assets.ts';
import { setupSystem, type TestSystem } from './harness/system.ts';

let system: TestSystem;
let browser: Browser;
let assetIds: string[];

beforeAll(async () => {
  system = await setupSystem();
  assetIds = await addSampleAssets(system, 3);
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

/** A page of its own session, with what its console reported as errors. */
async function openPage(): Promise<{ page: Page; faults: string[] }> {
  const page = await (await browser.newContext({ viewport: { width: 390, height: 800 } })).newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  return { page, faults };
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${system.url}/sign-in`);
  await page.getByLabel('Email').fill(system.requester.email);
  await page.getByLabel('Password').fill(system.requester.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'My downloads' }).waitFor();
}

test('whoever is not signed in is asked to, and a wrong password says so', async () => {
  const { page } = await openPage();
  await page.goto(`${system.url}/downloads`);
  await page.getByRole('heading', { name: 'Sign in to Sheaf' }).waitFor();
  await page.getByLabel('Email').fill(system.requester.email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Email or password is not right.').waitFor();
  expect(new URL(page.url()).pathname).toBe('/sign-in');
});

test('a download appears and becomes ready without a reload, and its button fetches the archive', async () => {
  const { page, faults } = await openPage();
  await signIn(page);
  await page.getByText('Nothing here yet.').waitFor();
  const name = 'Überblick <b>2026</b> مرحبا';
  const { body } = await system.requester.api.post<DownloadJson>('/downloads', {
    name,
    assetIds,
    renditions: 'originals',
  });

  const card = page.getByRole('article', { name });
  await card.waitFor({ timeout: 15_000 });
  await card.getByRole('status').filter({ hasText: 'Ready' }).waitFor({ timeout: 30_000 });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    card.getByRole('link', { name: /Download/ }).click(),
  ]);

  const file = await download.path();
  const [start] = (await once(createReadStream(file, { end: 3 }), 'data')) as [Buffer];
  expect(start.toString('latin1')).toBe('PK\x03\x04');
  const ready = await system.requester.api.get<DownloadJson>(`/downloads/${body.id}`);
  expect(download.suggestedFilename()).toMatch(/\.zip$/);
  expect(ready.bundle?.parts[0]?.url).toMatch(/^\/d\//);
  expect(faults).toEqual([]);
});

test('the inbox has a message for the download that became ready, and shows the email that was kept', async () => {
  const { page, faults } = await openPage();
  const name = 'Kept <i>mail</i> ünïcode';
  await system.requester.api.post<DownloadJson>('/downloads', {
    name,
    assetIds,
    renditions: 'originals',
    notify: { email: true },
  });
  await signIn(page);
  await page.getByRole('link', { name: 'Inbox' }).click();
  await page
    .getByRole('listitem')
    .filter({ hasText: name })
    .filter({ hasText: /ready/i })
    .first()
    .waitFor({ timeout: 30_000 });

  await page.getByRole('heading', { name: 'Emails' }).waitFor({ timeout: 30_000 });
  const mail = page.locator('h2:has-text("Emails") ~ ul details').filter({ hasText: name });
  await mail.locator('summary').click({ timeout: 30_000 });
  const text = mail.locator('pre');
  await text.waitFor({ state: 'visible' });
  expect(await text.textContent()).toContain(name);
  expect(await text.textContent()).toContain(`${system.url}/d/`);
  expect(faults).toEqual([]);
});

test('after signing out the pages are closed again', async () => {
  const { page } = await openPage();
  await signIn(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Sheaf' }).waitFor();
  await page.goto(`${system.url}/downloads`);
  await page.getByRole('heading', { name: 'Sign in to Sheaf' }).waitFor();
});
