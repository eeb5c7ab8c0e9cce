import type { DownloadJson } from '@sheaf/contract/download';
import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { expectNoSidewaysScroll, useDashboard } from '../harness/browser.ts';
import { expectAccessible } from '../harness/expect-accessible.ts';
import { phone } from '../harness/page.ts';
import { addPortalSamples, type PortalSamples } from '../harness/portal-samples.ts';
import { unzip } from '../harness/unzip.ts';

let samples: PortalSamples;
const dashboard = useDashboard(async (system) => {
  samples = await addPortalSamples(system);
});

const openAssets = async (page: Page, query = '') => {
  await page.goto(`/assets${query}`);
  await page.getByRole('list', { name: 'Assets' }).getByRole('listitem').first().waitFor();
};
const card = (page: Page, title: string) =>
  page.getByRole('list', { name: 'Assets' }).getByRole('listitem').filter({ hasText: title });
const choose = (page: Page, title: string) =>
  page.getByRole('checkbox', { name: `Select ${title}`, exact: true }).click();
const chosen = (page: Page) => page.getByRole('region', { name: 'Selection' }).getByRole('status');
const archiveOf = async (page: Page, download: DownloadJson): Promise<string[]> => {
  const answer = await page.request.get(download.bundle!.parts[0]!.url!);
  return [...(await unzip(await answer.body())).keys()];
};

async function readyDownload(name: string): Promise<DownloadJson> {
  const { api } = dashboard.system.requester;
  return vi.waitFor(
    async () => {
      const found = (await api.list<DownloadJson>('/downloads')).find((one) => one.name === name);
      if (found?.state !== 'ready') throw new Error(`${name} is ${found?.state ?? 'not there'}.`);
      return found;
    },
    { timeout: 30_000, interval: 100 },
  );
}

test('assets are searched, narrowed by facets, and a view comes back from its address', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await openAssets(page);
  await page.getByText(`${samples.visible} assets`).first().waitFor();
  await expectAccessible(page);

  await page.getByRole('button', { name: /^Coast/ }).click();
  await page.getByText('4 assets').first().waitFor();
  await page.getByRole('searchbox', { name: 'Search assets' }).fill('coast 2');
  await page.getByText('1 asset', { exact: true }).waitFor();
  expect(new URL(page.url()).search).toBe('?q=coast+2&folder=Coast');
  await page.reload();
  await card(page, 'coast 2').waitFor();
  expect(await page.getByRole('searchbox').inputValue()).toBe('coast 2');

  await page.getByRole('searchbox').fill('no such thing');
  await page.getByText('Nothing is like that').waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show all assets' }).click();
  await page.getByText(`${samples.visible} assets`).first().waitFor();
  await page.getByText('Expiring in 5 days').first().waitFor();
  expect(faults).toEqual([]);
});

test('assets are chosen by pointer, by range and by keyboard, and all that a view finds at once', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await openAssets(page, '?folder=Plain');
  await choose(page, 'plain 8');
  await page.getByRole('checkbox', { name: 'Select plain 5', exact: true }).click({ modifiers: ['Shift'] });
  expect(await chosen(page).textContent()).toContain('4 assets selected');
  const ticked = page.getByRole('list', { name: 'Assets' }).getByRole('checkbox', { checked: true });
  expect(await ticked.count()).toBe(4);
  await page.getByRole('checkbox', { name: 'Select plain 7', exact: true }).click({ modifiers: ['Shift'] });
  expect(await ticked.count()).toBe(4);
  await page.reload();
  await page.getByText('4 assets selected').waitFor();
  await vi.waitFor(async () => expect(await ticked.count()).toBe(4));

  await card(page, 'plain 8').getByRole('link').focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.locator(':focus').textContent()).toContain('plain 7');
  await page.keyboard.press('x');
  await chosen(page).waitFor({ state: 'detached' });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  expect(await chosen(page).textContent()).toContain('1 asset selected');

  await page.keyboard.press('Control+a');
  await page.getByText('8 assets selected').waitFor();
  await card(page, 'plain 8').getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: 'plain 8' }).waitFor();
  await page.goBack();
  await page.getByText('8 assets selected').waitFor();
  expect(faults).toEqual([]);
});

test('several assets: expired ones are asked about, terms are read and accepted or removed, and the archive holds what was said', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await openAssets(page);
  for (const title of ['plain 1', 'licensed 1', 'unapproved 1', 'expired 1']) await choose(page, title);
  await page.getByRole('button', { name: 'Download', exact: true }).click();

  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'Some assets have expired' }).waitFor();
  await dialog.getByText('1 of 4 assets have expired').waitFor();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Proceed with all assets' }).click();

  await dialog.getByRole('heading', { name: 'Licences', exact: true }).waitFor();
  const go = dialog.getByRole('button', { name: 'Continue' });
  expect(await go.isDisabled()).toBe(true);
  await dialog.getByRole('button', { name: /^Press use/ }).click();
  const accept = dialog.getByRole('checkbox', { name: /I have read and accepted/ });
  await dialog.getByText(/Page 1: .*Press use/).waitFor({ state: 'attached' });
  await dialog.getByRole('listitem').filter({ hasText: 'Press use' }).getByText('Reviewed').waitFor();
  await expectAccessible(page);
  await accept.check();
  await dialog.getByRole('button', { name: /^Not approved terms/ }).click();
  await dialog.getByText('This licence is not approved yet').waitFor();
  expect(await go.isDisabled()).toBe(true);
  await dialog.getByRole('button', { name: /^Remove the licence Not approved terms/ }).click();
  await dialog.getByText('This licence is removed').waitFor();
  await go.click();

  await dialog.getByText('3 files of 3 assets').waitFor();
  await dialog.getByText('You left its licence out').first().waitFor({ state: 'attached' });
  await expectAccessible(page);
  await dialog.getByRole('textbox', { name: /^Name/ }).fill('Chosen by hand');
  await dialog.getByRole('combobox', { name: 'Folders in the archive' }).selectOption('catalogue');
  const send = dialog.getByRole('button', { name: 'Download', exact: true });
  await send.dblclick();
  await page.waitForURL('**/downloads');

  const download = await readyDownload('Chosen by hand');
  const all = await dashboard.system.requester.api.list<DownloadJson>('/downloads');
  expect(all.filter(({ name }) => name === 'Chosen by hand')).toHaveLength(1);
  const paths = await archiveOf(page, download);
  expect(paths).toEqual(
    expect.arrayContaining(['Plain/plain 1.jpg', 'Licensed/licensed 1.jpg', 'Old/expired 1.jpg', 'manifest.json']),
  );
  expect(paths.join()).not.toContain('unapproved');
  expect(faults).toEqual([]);
});

test('terms that change while they are on the screen have to be read and accepted again', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await openAssets(page);
  await choose(page, 'changing 1');
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/Page 1: .*Changing terms/).waitFor({ state: 'attached' });
  await dialog.getByRole('checkbox', { name: /I have read and accepted/ }).check();
  // The acceptance of the first edition has been counted: until then the second could come in its answer.
  await dialog.getByRole('button', { name: 'Continue', disabled: false }).waitFor();
  await samples.replaceTerms('Changing terms', 'Second edition');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByRole('radio', { name: /^Originals & static/ }).click();
  await dialog.getByText('The terms have changed while you were reading: Changing terms').waitFor();
  await dialog.getByText(/Page 1: .*Second edition/).waitFor({ state: 'attached' });
  expect(await dialog.getByRole('button', { name: 'Continue' }).isDisabled()).toBe(true);
  await dialog.getByRole('checkbox', { name: /I have read and accepted/ }).check();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByText(/files of 1 asset/).waitFor();
  expect(faults).toEqual([]);
});

test('one asset: its renditions are listed, one is sent as it is, several come as an archive', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await openAssets(page, '?q=plain+1');
  await card(page, 'plain 1').getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: 'plain 1' }).waitFor();
  const panel = page.getByRole('region', { name: 'Download' });
  expect(await panel.getByRole('checkbox', { name: /^Original/ }).isChecked()).toBe(true);
  await expectAccessible(page);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('button', { name: 'Download', exact: true }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('plain 1.jpg');

  await panel.getByRole('checkbox', { name: /^thumbnail/ }).check();
  await panel.getByRole('button', { name: 'Download 2 files' }).click();
  await page.waitForURL('**/downloads');
  expect(faults).toEqual([]);
});

test('on a telephone nothing is cut off, and what was typed survives the end of the session', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester', viewport: phone, expected: [/status of 401/] });
  await openAssets(page, '?folder=Plain');
  await expectNoSidewaysScroll(page);
  for (const title of ['plain 3', 'plain 4']) await choose(page, title);
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Download assets' });
  const name = '<b>مرحبا</b> '.repeat(15).slice(0, 200).trim();
  await dialog.getByRole('textbox', { name: /^Name/ }).fill(name);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);

  await page.context().clearCookies();
  await dialog.getByRole('button', { name: 'Download', exact: true }).click();
  const signIn = page.getByRole('dialog', { name: 'Sign in again' });
  await signIn.getByLabel('Password', { exact: true }).fill(dashboard.system.requester.password);
  await signIn.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/downloads');
  await page.getByRole('article', { name }).waitFor({ timeout: 30_000 });
  await expectNoSidewaysScroll(page);
  expect(faults).toEqual([]);
});
