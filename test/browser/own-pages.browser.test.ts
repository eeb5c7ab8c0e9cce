import type { DownloadJson } from '@sheaf/contract/download';
import { createUser } from '@sheaf/standalone/create-user';
import { expect, test, vi } from 'vitest';
import { expectNoSidewaysScroll, useDashboard } from '../harness/browser.ts';
import { expectAccessible } from '../harness/expect-accessible.ts';
import { phone } from '../harness/page.ts';
import { addSampleAssets } from '../harness/sample-assets.ts';

const forgetful = { email: 'forgetful@example.com', password: 'the password of before' };
let assetIds: string[];
const dashboard = useDashboard(async (system) => {
  assetIds = await addSampleAssets(system, 2);
  await createUser(system.db, { ...forgetful, name: 'Forgetful', role: 'requester' });
});

/** A ready download of the administrator, whose link was sent to the requester. */
async function share(name: string): Promise<string> {
  const { api } = dashboard.system.administrator;
  const { body } = await api.post<DownloadJson>('/downloads', {
    name,
    assetIds,
    renditions: 'originals',
    notify: { email: false, to: [dashboard.system.requester.email] },
  });
  await vi.waitFor(async () => expect((await api.get<DownloadJson>(`/downloads/${body.id}`)).state).toBe('ready'), {
    timeout: 30_000,
  });
  return body.id;
}

test('what is shared with me shows who, what and until when, can be fetched, and says when it was revoked', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester', viewport: phone });
  await page.goto('/shared');
  await page.getByText('Nothing was shared with you yet.').waitFor();
  const name = 'For <b>you</b> مرحبا';
  const id = await share(name);
  const card = page.getByRole('article', { name });
  await card.waitFor({ timeout: 20_000 });
  await card.getByText('administrator@example.com').waitFor();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    card.getByRole('link', { name: /^Download/ }).click(),
  ]);
  expect(await download.failure()).toBeNull();

  await dashboard.system.administrator.api.post(`/downloads/${id}/revoke`, {});
  await card.getByText('The link that you were sent works no longer.').waitFor({ timeout: 20_000 });
  expect(await card.getByRole('link').count()).toBe(0);
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test('the inbox counts what is unread, leads to the download, and is read at once', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await share('First of the inbox');
  await share('Second of the inbox');
  await page.goto('/inbox');
  const unread = page.getByRole('listitem').filter({ hasText: 'Unread' });
  const messages = page.getByRole('main').getByRole('listitem').filter({ hasText: 'of the inbox' });
  await vi.waitFor(async () => expect(await messages.count()).toBeGreaterThanOrEqual(2), { timeout: 30_000 });
  await expectAccessible(page);
  await page
    .getByRole('link', { name: /Second of the inbox/ })
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: 'Second of the inbox' }).waitFor();
  await page.goBack();
  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await vi.waitFor(async () => expect(await unread.count()).toBe(0), { timeout: 10_000 });
  await page.getByRole('button', { name: 'Mark all as read' }).waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
});

test('preferences are kept, and a token is shown once, works, and is revoked after asking', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester', viewport: phone });
  await page.goto('/preferences');
  const email = page.getByRole('switch', { name: /^Email me/ });
  expect(await email.getAttribute('aria-checked')).toBe('true');
  await Promise.all([page.waitForResponse(/preferences/), email.click()]);
  await page.reload();
  expect(await email.getAttribute('aria-checked')).toBe('false');
  await email.click();

  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog', { name: 'New token' });
  await dialog.getByRole('button', { name: 'Make token' }).click();
  await dialog.getByText('This is needed.').waitFor();
  await expectAccessible(page);
  await dialog.getByLabel('What it is for').fill('<i>script</i>');
  await dialog.getByRole('button', { name: 'Make token' }).dblclick();
  const token = await dialog.getByLabel('Token').inputValue();
  await expectAccessible(page);
  const me = () => fetch(`${dashboard.system.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  expect((await me()).status).toBe(200);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const row = page.getByRole('listitem').filter({ hasText: '<i>script</i>' });
  expect(await row.count()).toBe(1);
  expect(await page.content()).not.toContain(token);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await row.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await row.waitFor({ state: 'detached' });
  expect((await me()).status).toBe(401);
  expect(faults).toEqual([]);
});

test('a password is changed by whoever knows the one before it, who stays signed in here and nowhere else', async () => {
  const elsewhere = await dashboard.openPage({ as: forgetful, ownSession: true });
  const { page, faults } = await dashboard.openPage({
    as: forgetful,
    ownSession: true,
    viewport: phone,
    expected: [/status of 400/],
  });
  await page.goto('/preferences');
  await page.getByRole('button', { name: 'Change password' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change password' });
  const change = dialog.getByRole('button', { name: 'Change password' });
  const current = dialog.getByLabel('Current password');
  await current.fill('not the password');
  await dialog.getByLabel('New password', { exact: true }).fill('short');
  await dialog.getByLabel('New password, once more').fill('shorter');
  await change.click();
  await dialog.getByText('At least 10 characters are needed.').waitFor();
  await dialog.getByText('This is not the same as above.').waitFor();
  await expectAccessible(page);
  const password = 'the password from now on';
  await dialog.getByLabel('New password', { exact: true }).fill(password);
  await dialog.getByLabel('New password, once more').fill(password);
  await change.click();
  await dialog.getByText('This is not your current password.').waitFor();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await current.fill(forgetful.password);
  await change.click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Your password is changed.').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Change password' }).waitFor();
  expect(faults).toEqual([]);

  await elsewhere.page.goto('/preferences');
  await elsewhere.page.getByLabel('Email').fill(forgetful.email);
  await elsewhere.page.getByLabel('Password', { exact: true }).fill(password);
  await elsewhere.page.getByRole('button', { name: 'Sign in' }).click();
  await elsewhere.page.getByRole('heading', { name: 'Preferences' }).waitFor();
});

test('whoever has no password is told why, and offered none to change', async () => {
  // Somebody who is signed in already: the api takes ten passwords a minute.
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const { email } = dashboard.system.requester;
  await dashboard.system.db.orm.execute(
    `delete from accounts where user_id = (select id from users where email = '${email}')`,
  );
  await page.goto('/preferences');
  await page.getByText('You have none. An administrator can give you one.').waitFor();
  const oidc = { name: 'Acme ID', url: '/api/auth/sign-in/oidc' };
  await page.route('**/sign-in-methods', (route) => route.fulfill({ json: { password: true, oidc } }));
  await page.reload();
  await page.getByText('You sign in with Acme ID. Your password is kept there, and changed there.').waitFor();
  expect(await page.getByRole('button', { name: 'Change password' }).count()).toBe(0);
  await expectAccessible(page);
  expect(faults).toEqual([]);
});
