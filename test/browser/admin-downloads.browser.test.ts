import type { DownloadJson } from '@sheaf/contract/download';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectNoSidewaysScroll, useDashboard } from '../harness/browser.ts';
import { expectAccessible } from '../harness/expect-accessible.ts';
import { phone } from '../harness/page.ts';
import { addSampleAssets } from '../harness/sample-assets.ts';

let assetIds: string[];
const dashboard = useDashboard(async (system) => {
  assetIds = await addSampleAssets(system, 3);
});

const request = async (name: string): Promise<string> => {
  const body = { name, assetIds, renditions: 'originals' };
  return (await dashboard.system.requester.api.post<DownloadJson>('/downloads', body)).body.id;
};
const stateOf = async (id: string) =>
  (await dashboard.system.requester.api.get<DownloadJson>(`/downloads/${id}`)).state;

async function requestReady(name: string): Promise<string> {
  const id = await request(name);
  await expect.poll(() => stateOf(id), { timeout: 60_000, interval: 200 }).toBe('ready');
  return id;
}

/** Failed, as if a worker had given up. */
async function fail(ids: string[], code: string): Promise<void> {
  await dashboard.system.db.orm.execute(`update downloads set state = 'failed', finished_at = now(), ready_at = null,
    error = '{"code": "${code}", "message": "No room was left."}' where id in ('${ids.join("', '")}')`);
}

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

test('a list is filtered by the address and by what is typed, told by chips, and kept as a view', async () => {
  await requestReady('Alpenglow kit');
  await requestReady('Breeze kit');
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await page.goto('/admin/downloads?q=kit');
  await row(page, 'Breeze kit').waitFor();
  await row(page, 'Alpenglow kit').waitFor();
  await expectAccessible(page);

  await page.getByLabel('Search names').fill('alpen');
  await page.getByRole('button', { name: 'Apply' }).click();
  await row(page, 'Breeze kit').waitFor({ state: 'detached' });
  expect(new URL(page.url()).search).toBe('?q=alpen');
  await page.getByText('1 download', { exact: true }).waitFor();

  await page.getByLabel('State', { exact: true }).selectOption({ label: 'Failed' });
  await page.getByText('No download is like that').waitFor();
  expect(new URL(page.url()).searchParams.get('state')).toBe('failed');
  await page.getByRole('button', { name: 'Remove the filter State: Failed' }).click();
  await row(page, 'Alpenglow kit').waitFor();

  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByLabel('Name of the view').fill('Alpine');
  await page.getByRole('button', { name: 'Save this view' }).click();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear all' }).first().click();
  await row(page, 'Breeze kit').waitFor();
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('button', { name: 'Alpine', exact: true }).click();
  await row(page, 'Breeze kit').waitFor({ state: 'detached' });
  expect(new URL(page.url()).search).toBe('?q=alpen');
  expect(faults).toEqual([]);
});

test('a download that somebody requests appears by itself, unless live updates are paused', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await page.goto('/admin/downloads');
  await page.getByRole('table').waitFor();
  await request('Comes by itself');
  await row(page, 'Comes by itself').waitFor({ timeout: 10_000 });
  expect(faults).toEqual([]);
});

test('what is selected is revoked after a preview with its count and a reason, and the results are shown', async () => {
  const first = await requestReady('Revoke me 1');
  const second = await requestReady('Revoke me 2');
  const spared = await requestReady('Revoke me not');
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await page.goto('/admin/downloads?q=revoke%20me');
  await page.getByLabel('Select Revoke me 1').check();
  await page.getByLabel('Select Revoke me 2').check();
  await page.getByText('2 downloads selected').waitFor();
  const offered = page.getByRole('region', { name: 'Select' }).getByRole('button', { name: /^(Retry|Cancel|Revoke)$/ });
  expect(await offered.allInnerTexts()).toEqual(['Revoke']);
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('2 downloads of 1 person').waitFor();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Revoke 2 downloads' }).click();
  expect(await stateOf(first)).toBe('ready');
  await dialog.getByLabel('Reason').fill('Wrong pictures');
  await dialog.getByRole('button', { name: 'Revoke 2 downloads' }).click();

  await page.getByRole('heading', { level: 1, name: 'Revoke 2 downloads' }).waitFor();
  await page.getByText('2 of 2 dealt with').waitFor({ timeout: 30_000 });
  await row(page, 'Revoke me 1').getByText('Done').waitFor();
  await expectAccessible(page);
  expect(await Promise.all([first, second, spared].map(stateOf))).toEqual(['revoked', 'revoked', 'ready']);
  expect(faults).toEqual([]);
});

test('failures are counted by what they have in common, and exactly these are retried', async () => {
  const ids = [await requestReady('Broken 1'), await requestReady('Broken 2')];
  await fail(ids, 'storage.full');
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await page.goto('/admin/failures?hours=24');
  const cluster = row(page, 'storage.full');
  await cluster.getByText('Broken 2').waitFor();
  await expectAccessible(page);
  await cluster.getByRole('link', { name: 'Show 2 downloads' }).click();
  await row(page, 'Broken 1').waitFor();
  await page.goBack();
  await cluster.getByRole('button', { name: 'Retry these 2' }).click();
  await page.getByRole('dialog').getByText('2 downloads of 1 person').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Retry 2 downloads' }).click();
  await page.getByText('2 of 2 dealt with').waitFor({ timeout: 30_000 });
  await expect
    .poll(() => Promise.all(ids.map(stateOf)), { timeout: 60_000, interval: 300 })
    .toEqual(['ready', 'ready']);
  expect(faults).toEqual([]);
});

test('everything about one download is on its page, and what its requester sees is shown without the links', async () => {
  const name = 'A <b>name</b> with markup, مرحبا';
  const id = await requestReady(name);
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await page.goto(`/admin/downloads/${id}`);
  await page.getByRole('heading', { level: 1, name }).waitFor();
  for (const event of ['Requested', 'Files gathered', 'Packed']) {
    await page.getByRole('listitem').filter({ hasText: event }).first().waitFor();
  }
  await expectAccessible(page);
  for (const [tab, content] of [
    ['Assets', 'Included'],
    ['Attempts', 'Gathering'],
    ['Notifications', 'Kept, no mail server'],
    ['Links and accesses', 'Sent with the message'],
    ['Licences', 'No asset was under a licence.'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click();
    await page.getByRole('tabpanel').getByText(content).filter({ visible: true }).first().waitFor();
    await expectAccessible(page);
  }
  await page.getByRole('tab', { name: 'Notifications' }).click();
  await page.waitForURL(({ search }) => search === '?tab=notifications');
  await page.reload();
  await page.getByRole('tabpanel').getByText('Inbox').waitFor();
  expect(await page.title()).toBe(`${name} · Sheaf`);
  await page.getByRole('button', { name: 'View as requester' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 link is shown to the requester here.').waitFor();
  await expectAccessible(page);
  expect(await page.content()).not.toMatch(/\/d\/[\w-]{40}/);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Revoke download' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke download' }).click();
  await page.getByRole('status').filter({ hasText: 'Revoked' }).waitFor();
  expect(await stateOf(id)).toBe('revoked');
  expect(faults).toEqual([]);
});

test('what lost three workers is shown as quarantined, is no more for its requester to retry, and is released', async () => {
  const id = await requestReady('Poison kit');
  await fail([id], 'download.worker_lost');
  const asRequester = await dashboard.openPage({ as: 'requester' });
  await asRequester.page.goto(`/downloads/${id}`);
  await asRequester.page.getByText('No room was left.').waitFor();
  expect(await asRequester.page.getByRole('button', { name: 'Ask again' }).count()).toBe(0);

  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await page.goto('/admin/failures?hours=24');
  const quarantine = page.getByRole('region', { name: 'Quarantine' });
  await quarantine.getByRole('link', { name: 'Poison kit' }).click();
  await page.getByRole('status').getByText('Quarantined').waitFor();
  await expectAccessible(page);
  await page.goBack();
  await quarantine.getByRole('button', { name: 'Release Poison kit' }).click();
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
  await quarantine.waitFor({ state: 'detached' });
  await expect.poll(() => stateOf(id), { timeout: 60_000, interval: 200 }).toBe('ready');
  expect([...faults, ...asRequester.faults]).toEqual([]);
});

test('an auditor reads downloads and failures, and finds nothing that changes them', async () => {
  const name = 'Read by the auditor';
  const id = await requestReady(name);
  await fail([id], 'storage.full');
  const { page, faults } = await dashboard.openPage({ as: 'auditor' });
  const writes: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') writes.push(`${request.method()} ${request.url()}`);
  });
  const changing = page
    .getByRole('main')
    .getByRole('button', { name: /^(Retry|Cancel|Revoke|Delete|Redeliver|Send again)/ });
  for (const [path, text] of [
    ['/admin/downloads', name],
    ['/admin/failures?hours=24', 'storage.full'],
    [`/admin/downloads/${id}`, name],
  ] as const) {
    await page.goto(path);
    await page.getByRole('main').getByText(text).first().waitFor();
    expect(await changing.count(), path).toBe(0);
    expect(await page.getByRole('main').getByRole('checkbox').count(), path).toBe(0);
  }
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await page.getByRole('tabpanel').filter({ visible: true }).waitFor();
    expect(await changing.count()).toBe(0);
  }
  await page.getByRole('button', { name: 'View as requester' }).click();
  await page.getByRole('dialog').getByRole('heading').first().waitFor();
  expect(
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^(Retry|Ask again|Cancel|Revoke)/ })
      .count(),
  ).toBe(0);
  expect(writes).toEqual([]);
  expect(faults).toEqual([]);
});

test('on a telephone the lists are as wide as the screen', async () => {
  const id = await requestReady('Narrow');
  const { page, faults } = await dashboard.openPage({ as: 'administrator', viewport: phone });
  for (const [path, title] of [
    ['/admin/downloads', 'Downloads'],
    [`/admin/downloads/${id}`, 'Narrow'],
    ['/admin/failures', 'Failures'],
  ] as const) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.getByText('Loading…').first().waitFor({ state: 'detached' });
    await expectNoSidewaysScroll(page);
  }
  expect(faults).toEqual([]);
});
