import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useDashboard } from '../harness/browser.ts';
import { expectAccessible } from '../harness/expect-accessible.ts';
import { addPortalSamples } from '../harness/portal-samples.ts';

const dashboard = useDashboard(addPortalSamples);

/** Opens the dialog for the assets of these titles. */
async function ask(page: Page, titles: string[], query = '') {
  await page.goto(`/assets${query}`);
  for (const title of titles) await page.getByRole('checkbox', { name: `Select ${title}`, exact: true }).click();
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  return page.getByRole('dialog');
}

test('the licences begin with terms that can be accepted, say how many are left, and keep their height', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const dialog = await ask(page, ['plain 1', 'unapproved 1', 'licensed 1']);
  await dialog.getByText('2 licences left to decide').waitFor();
  const licences = dialog.getByRole('region', { name: 'Licences of the selection' });
  expect(await licences.locator('[aria-current]').textContent()).toContain('Press use');
  await dialog.getByText(/Page 1: .*Press use/).waitFor({ state: 'attached' });
  const height = (await dialog.boundingBox())!.height;
  await dialog.getByRole('checkbox', { name: /I have read and accepted/ }).check();
  await dialog.getByText('1 licence left to decide').waitFor();

  await dialog.getByRole('button', { name: /^Not approved terms/ }).click();
  await dialog.getByText('This licence is not approved yet').waitFor();
  expect((await dialog.boundingBox())!.height).toBe(height);
  const go = dialog.getByRole('button', { name: 'Continue' });
  expect(await go.isDisabled()).toBe(true);
  await dialog.getByRole('button', { name: 'Remove, and go on without 1 asset' }).click();
  await dialog.getByText('This licence is removed').waitFor();
  expect(await page.locator(':focus').textContent()).toContain('Take it back');
  expect((await dialog.boundingBox())!.height).toBe(height);
  await expectAccessible(page);
  await go.click();
  await dialog.getByText('2 files of 2 assets').waitFor();
  expect(faults).toEqual([]);
});

test('a double click removes one licence, which stays where it is to be taken back, and the keyboard stays on it', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const dialog = await ask(page, ['changing 1', 'unapproved 1']);
  const licences = dialog.getByRole('region', { name: 'Licences of the selection' }).getByRole('listitem');
  await dialog.getByText('2 licences left to decide').waitFor();
  const titles = () => licences.locator('[dir=auto]').allTextContents();
  const order = await titles();
  const [first] = order;
  await dialog.getByRole('button', { name: `Remove the licence ${first} and its assets` }).dblclick();
  await dialog.getByText('1 licence left to decide').waitFor();
  expect(await titles()).toEqual(order);
  const undo = dialog.getByRole('button', { name: `Undo the removal of the licence ${first}` });
  expect(await undo.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await dialog.getByText('2 licences left to decide').waitFor();
  expect(await titles()).toEqual(order);
  await dialog.getByRole('button', { name: `Remove the licence ${first} and its assets` }).waitFor();
  expect(faults).toEqual([]);
});

test('Back closes the dialog and leaves the page where it is, and what was typed comes back; Forward opens no download that was sent', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const dialog = await ask(page, ['plain 1', 'plain 2'], '?folder=Plain');
  const name = dialog.getByRole('textbox', { name: /^Name/ });
  await name.fill('Back and forth');
  await page.goBack();
  await dialog.waitFor({ state: 'detached' });
  expect(new URL(page.url()).search).toBe('?folder=Plain');
  await page.getByText('2 assets selected').waitFor();

  await page.goForward();
  await name.waitFor();
  expect(await name.inputValue()).toBe('Back and forth');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  expect(await name.inputValue()).toBe('Back and forth');
  await dialog.getByRole('button', { name: 'Download', exact: true }).click();
  await page.waitForURL('**/downloads');
  await page.getByRole('article', { name: 'Back and forth' }).waitFor();
  await expect.poll(() => page.locator(':focus').textContent()).toContain('Back and forth');

  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Assets' }).waitFor();
  expect(new URL(page.url()).search).toBe('?folder=Plain');
  expect(await dialog.count()).toBe(0);
  await page.goForward();
  await page.getByRole('heading', { level: 1, name: 'My downloads' }).waitFor();
  expect(await dialog.count()).toBe(0);
  expect(faults).toEqual([]);
});

test('a file that is sent as it is has no options of an archive; a download says what ends its time, and what is no address', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const dialog = await ask(page, ['expiring 1'], '?folder=Old');
  await dialog.getByText('The file is sent as it is, without an archive.').waitFor();
  expect(await dialog.getByRole('radio').count()).toBe(3);
  for (const role of ['combobox', 'textbox', 'checkbox'] as const) expect(await dialog.getByRole(role).count()).toBe(0);
  expect(await dialog.getByText('Can be fetched until').count()).toBe(0);
  await dialog.getByRole('radio', { name: /^Originals & static/ }).check();
  await dialog.getByRole('combobox', { name: 'Folders in the archive' }).waitFor();
  await dialog.getByText(/Can be fetched until .+, because \u2068expiring 1\u2069 expires then/).waitFor();

  await dialog.getByRole('textbox', { name: /^Email others/ }).fill('a@example.com, not an address');
  await dialog.getByText('Not an address: “not an address”').waitFor();
  expect(await dialog.getByRole('button', { name: 'Download', exact: true }).isDisabled()).toBe(true);
  await expectAccessible(page);
  expect(faults).toEqual([]);
});
