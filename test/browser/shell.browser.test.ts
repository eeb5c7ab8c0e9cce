import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoSidewaysScroll, useDashboard } from '../harness/browser.ts';
import { expectAccessible } from '../harness/expect-accessible.ts';
import { desktop, type OpenedPage, phone } from '../harness/page.ts';
import { addSampleAssets } from '../harness/sample-assets.ts';
import { untilStill } from '../harness/until-still.ts';

const dashboard = useDashboard(async (system) => {
  await addSampleAssets(system, 3);
});

const portalPages = {
  '/assets': 'Assets',
  '/downloads': 'My downloads',
  '/shared': 'Shared with me',
  '/inbox': 'Inbox',
  '/preferences': 'Preferences',
};

const adminPages = {
  '/admin': 'Overview',
  '/admin/queues': 'Queues',
  '/admin/downloads': 'Downloads',
  '/admin/failures': 'Failures',
  '/admin/workers': 'Workers',
  '/admin/audit': 'Audit',
  '/admin/configuration/visibility': 'Visibility',
  '/admin/configuration/groups': 'Groups',
  '/admin/configuration/users': 'Users',
  '/admin/configuration/presets': 'Presets',
  '/admin/configuration/licences': 'Licences',
  '/admin/configuration/storage': 'Storage',
  '/admin/configuration/retention': 'Retention',
  '/admin/configuration/limits': 'Limits',
  '/admin/configuration/webhooks': 'Webhooks',
};

async function visit(page: Page, path: string, title: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
  await untilStill(page);
}

const background = (page: Page) => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');

describe.each([
  ['desktop', desktop],
  ['phone', phone],
])('on a %s', (_, viewport) => {
  let opened: OpenedPage;
  beforeAll(async () => {
    opened = await dashboard.openPage({ as: 'administrator', viewport });
  });
  afterAll(() => opened.page.context().close());

  test.each(Object.entries({ ...portalPages, ...adminPages }))(
    '%s is accessible in both themes and as wide as the screen, without an error',
    async (path, title) => {
      const { page, faults } = opened;
      await visit(page, path, title);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      expect(faults.splice(0)).toEqual([]);
    },
  );
});

test('an address below /admin is not there for a requester, and asks the api for nothing of it', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  for (const path of [...Object.keys(adminPages), '/admin/nothing']) {
    await page.goto(path);
    await page.getByText('There is nothing here').first().waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'My downloads' }).waitFor();
  }
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Back to Assets' }).click();
  await page.getByRole('heading', { level: 1, name: 'Assets' }).waitFor();
  expect(asked.filter((path) => path.startsWith('/api/v1/admin'))).toEqual([]);
  expect(faults).toEqual([]);
});

test('an auditor reads the administration, which says that nothing can be changed', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'auditor' });
  await visit(page, '/admin', 'Overview');
  await page.getByText('You may look at everything here and change nothing.').waitFor();
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test('the account menu works by keyboard, changes theme and language, and gives the focus back', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await visit(page, '/assets', 'Assets');
  const account = page.getByRole('button', { name: /^Account/ });
  await account.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await expectAccessible(page);
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  expect(await background(page)).toBe('rgb(21, 21, 20)');
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await page.getByRole('menuitem', { name: 'Abmelden' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  expect(await page.locator(':focus').getAttribute('aria-label')).toMatch(/^Konto/);
  expect(await page.locator('html').getAttribute('lang')).toBe('de');

  await page.reload();
  await page.getByRole('link', { name: 'Meine Downloads' }).waitFor();
  expect(await background(page)).toBe('rgb(21, 21, 20)');
  await page.getByRole('button', { name: /^Konto/ }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await page.getByRole('link', { name: 'My downloads' }).waitFor();
  expect(faults).toEqual([]);
});

test('the palette finds and opens a page, and shortcuts work but for where somebody types', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await visit(page, '/assets', 'Assets');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await expectAccessible(page);
  await page.keyboard.type('inb');
  await page.getByRole('option', { name: /Inbox/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('colours dark');
  await page.getByRole('option', { name: 'Dark' }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => background(page)).toBe('rgb(21, 21, 20)');

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Select all up to this asset').waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.getByRole('heading', { level: 1, name: 'My downloads' }).waitFor();
  expect(faults).toEqual([]);
});

test('a session that ends in the middle asks for a sign-in over the page, keeps what was typed, and goes on', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester', expected: [/status of 401/] });
  await visit(page, '/preferences', 'Preferences');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Where to, or what to do?' }).fill('typed before');
  await page.context().clearCookies();
  await page.evaluate("window.dispatchEvent(new Event('visibilitychange'))");

  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await dialog.waitFor({ timeout: 30_000 });
  await expectAccessible(page);
  const password = dialog.getByLabel('Password', { exact: true });
  await dialog.locator('input[name=password]:focus').waitFor();
  await password.fill('not the password');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.getByText('Email or password is not right.').waitFor();
  await password.fill(dashboard.system.requester.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await page.getByRole('combobox', { name: 'Where to, or what to do?' }).inputValue()).toBe('typed before');
  expect(faults).toEqual([]);
});

test('a lost connection shows a quiet banner, which goes by itself', async () => {
  const { page } = await dashboard.openPage({ as: 'requester' });
  await visit(page, '/downloads', 'My downloads');
  await page.context().setOffline(true);
  const banner = page.getByText('The connection is lost.');
  await banner.waitFor({ timeout: 20_000 });
  const account = page.getByRole('button', { name: /^Account/ });
  const bottom = async () => await account.boundingBox().then((box) => box!.y + box!.height);
  await expect.poll(bottom).toBeLessThanOrEqual(desktop.height);
  await page.context().setOffline(false);
  await banner.waitFor({ state: 'detached', timeout: 20_000 });
});

test('an answer that was on its way when the connection was lost does not hide that it is lost', async () => {
  const { page } = await dashboard.openPage({ as: 'requester' });
  const lost = Promise.withResolvers<void>();
  await page.route('**/api/v1/me/inbox?*', async (route) => {
    const response = await route.fetch();
    await lost.promise;
    await route.fulfill({ response });
  });
  const asked = page.waitForRequest('**/api/v1/me/inbox?*');
  await visit(page, '/downloads', 'My downloads');
  const request = await asked;
  await page.context().setOffline(true);
  const banner = page.getByText('The connection is lost.');
  await banner.waitFor();
  lost.resolve();
  await request.response();
  // The page has had its turn with it.
  await page.evaluate('new Promise((done) => setTimeout(done))');
  expect(await banner.isVisible()).toBe(true);
});
