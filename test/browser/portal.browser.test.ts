import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { DownloadJson } from '@sheaf/contract/download';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useDashboard } from '../harness/browser.ts';
import { expectAccessible } from '../harness/expect-accessible.ts';
import { addSampleAssets } from '../harness/sample-assets.ts';

let assetIds: string[];
const dashboard = useDashboard(async (system) => {
  assetIds = await addSampleAssets(system, 3);
});

async function fillIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('Email').fill(dashboard.system.requester.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('whoever is not signed in is asked to, a wrong password says so, and the right one leads where they wanted', async () => {
  const { page, faults } = await dashboard.openPage({ expected: [/status of 401/] });
  await page.goto('/downloads?seen=1');
  await page.getByRole('heading', { name: 'Sign in to Sheaf' }).waitFor();
  await page.locator('input[name=email]:focus').waitFor();
  await page.getByText('Forgotten? Ask an administrator.').waitFor();
  await fillIn(page, 'not the password');
  await page.getByText('Email or password is not right.').waitFor();
  expect(new URL(page.url()).pathname).toBe('/sign-in');
  const password = page.getByLabel('Password', { exact: true });
  expect(await password.getAttribute('type')).toBe('password');
  await page.getByRole('button', { name: 'Show password' }).click();
  expect(await password.getAttribute('type')).toBe('text');
  expect(await password.inputValue()).toBe('not the password');
  await expectAccessible(page);
  await fillIn(page, dashboard.system.requester.password);
  await page.getByRole('heading', { name: 'My downloads' }).waitFor();
  expect(new URL(page.url()).search).toBe('?seen=1');
  expect(faults).toEqual([]);
});

test.each(['//evil.example/', '/\\evil.example/', 'https://evil.example/'])(
  'an address that sends a fresh session to %s leads to the assets instead',
  async (to) => {
    const { page } = await dashboard.openPage({ expected: [/status of 401/] });
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
    await fillIn(page, dashboard.system.requester.password);
    await page.getByRole('heading', { name: 'Assets' }).waitFor();
    expect(new URL(page.url()).origin).toBe(new URL(dashboard.system.url).origin);
  },
);

test('a download appears and becomes ready without a reload, and its button fetches the archive', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await page.goto('/downloads');
  await page.getByText('Nothing here yet.').waitFor();
  const name = 'Überblick <b>2026</b> مرحبا';
  const { body } = await dashboard.system.requester.api.post<DownloadJson>('/downloads', {
    name,
    assetIds,
    renditions: 'originals',
  });

  const card = page.getByRole('article', { name });
  await card.waitFor({ timeout: 15_000 });
  await card.getByText('Ready', { exact: true }).waitFor({ timeout: 30_000 });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    card.getByRole('link', { name: /Download/ }).click(),
  ]);

  const file = await download.path();
  const [start] = (await once(createReadStream(file, { end: 3 }), 'data')) as [Buffer];
  expect(start.toString('latin1')).toBe('PK\x03\x04');
  const ready = await dashboard.system.requester.api.get<DownloadJson>(`/downloads/${body.id}`);
  expect(download.suggestedFilename()).toMatch(/\.zip$/);
  expect(ready.bundle?.parts[0]?.url).toMatch(/^\/d\//);
  expect(faults).toEqual([]);
});

test('the inbox has a message for the download that became ready, and shows the email that was kept', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const name = 'Kept <i>mail</i> ünïcode';
  await dashboard.system.requester.api.post<DownloadJson>('/downloads', {
    name,
    assetIds,
    renditions: 'originals',
    notify: { email: true },
  });
  await page.goto('/assets');
  await page.getByRole('link', { name: /^Inbox/ }).click();
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
  expect(await text.textContent()).toContain(`${dashboard.system.url}/d/`);
  expect(faults).toEqual([]);
});

test('after signing out the pages are closed again', async () => {
  const { page } = await dashboard.openPage({ as: 'requester', ownSession: true });
  await page.goto('/downloads');
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Sheaf' }).waitFor();
  await page.goto('/downloads');
  await page.getByRole('heading', { name: 'Sign in to Sheaf' }).waitFor();
});
