import type { DownloadJson } from '@sheaf/contract/download';
import { expect, test, vi } from 'vitest';
import { expectNoSidewaysScroll, useDashboard } from '../harness/browser.ts';
import { expectAccessible } from '../harness/expect-accessible.ts';
import { phone } from '../harness/page.ts';
import { killApi } from '../harness/restart-api.ts';
import { addSampleAssets } from '../harness/sample-assets.ts';

let assetIds: string[];
const dashboard = useDashboard(async (system) => {
  assetIds = await addSampleAssets(system, 3);
});

const requester = () => dashboard.system.requester.api;

/** A ready download. */
async function ready(name: string, fields: object = {}): Promise<string> {
  const { body } = await requester().post<DownloadJson>('/downloads', {
    name,
    assetIds,
    renditions: 'originals',
    ...fields,
  });
  await vi.waitFor(
    async () => expect((await requester().get<DownloadJson>(`/downloads/${body.id}`)).state).toBe('ready'),
    { timeout: 30_000, interval: 50 },
  );
  return body.id;
}

/** What a worker writes, without one: so that a test decides when. */
const set = (id: string, changes: string) =>
  dashboard.system.db.orm.execute(`update downloads set ${changes} where id = '${id}'`);

/** A download that some worker has been packing for ten seconds, for as long as the test likes. */
async function packing(name: string): Promise<string> {
  const id = await ready(name);
  await set(
    id,
    `state = 'packing', ready_at = null, expires_at = null, worker_id = 'test', lease_until = now() + interval '1 hour',
     step_started_at = now() - interval '10 seconds', entries_done = 1, entries_total = 4,
     bytes_done = 250000000, bytes_total = 1000000000`,
  );
  return id;
}

test('progress, place and state change on the list by themselves, through a reload and a lost connection', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester', expected: [/ERR_INTERNET_DISCONNECTED/] });
  const name = 'Moves by itself';
  const id = await packing(name);
  await page.goto('/downloads');
  const card = page.getByRole('article', { name });
  await card.getByText('250 MB of 1 GB, 1 of 4 files').waitFor();
  await card.getByText(/about .+ left/).waitFor();
  await expectAccessible(page);

  await set(id, 'bytes_done = 500000000, entries_done = 2');
  await card.getByText('500 MB of 1 GB, 2 of 4 files').waitFor();
  expect(await card.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
  await page.reload();
  await card.getByText('500 MB of 1 GB, 2 of 4 files').waitFor();

  await page.context().setOffline(true);
  await set(id, 'bytes_done = 750000000, entries_done = 3');
  await page.context().setOffline(false);
  await card.getByText('750 MB of 1 GB, 3 of 4 files').waitFor({ timeout: 40_000 });

  await set(
    id,
    `state = 'failed', lease_until = null, error = '{"code":"storage.full","message":"The storage is full."}'`,
  );
  await card.getByText('The storage is full.').waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: `${name}: Failed` })
    .waitFor({ state: 'attached' });
  expect(faults).toEqual([]);
});

test('an api that dies while progress runs comes back, and the page goes on', async () => {
  const { page } = await dashboard.openPage({ as: 'requester' });
  const id = await packing('Outlives the api');
  await page.goto(`/downloads/${id}`);
  await page.getByText('250 MB of 1 GB, 1 of 4 files').waitFor();
  await killApi();
  await set(id, 'bytes_done = 500000000, entries_done = 2');
  await page.getByText('500 MB of 1 GB, 2 of 4 files').waitFor({ timeout: 60_000 });
  await set(id, 'bytes_done = 750000000, entries_done = 3');
  await page.getByText('750 MB of 1 GB, 3 of 4 files').waitFor({ timeout: 40_000 });
  await set(id, `state = 'failed', lease_until = null, error = '{"code":"internal","message":"Done with it."}'`);
});

test('a session that ends while progress runs asks for a sign-in over the page, and then it goes on', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester', ownSession: true, expected: [/status of 401/] });
  const id = await packing('Outlives the session');
  await page.goto(`/downloads/${id}`);
  await page.getByText('250 MB of 1 GB, 1 of 4 files').waitFor();
  await dashboard.system.db.orm.execute(
    `delete from sessions where token = (select token from sessions order by created_at desc limit 1)`,
  );
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await dialog.waitFor({ timeout: 30_000 });
  await set(id, 'bytes_done = 500000000, entries_done = 2');
  await dialog.getByLabel('Password', { exact: true }).fill(dashboard.system.requester.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('500 MB of 1 GB, 2 of 4 files').waitFor({ timeout: 30_000 });
  await set(id, `state = 'failed', lease_until = null, error = '{"code":"internal","message":"Done with it."}'`);
  expect(faults).toEqual([]);
});

test('a download that is revoked elsewhere, or whose time passes, says so on its open page', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const revoked = await ready('Revoked elsewhere');
  await page.goto(`/downloads/${revoked}`);
  await page.getByText(/Can be fetched until/).waitFor();
  await expectAccessible(page);
  await requester().post(`/downloads/${revoked}/revoke`, {});
  await page.getByText('It was revoked').waitFor();
  await page.getByRole('link', { name: /^Download/ }).waitFor({ state: 'detached' });

  const over = await ready('Its time passes');
  await page.goto(`/downloads/${over}`);
  await page.getByText(/Can be fetched until/).waitFor();
  await set(over, `expires_at = now() + interval '2 seconds'`);
  await page.getByText('It has expired').waitFor({ timeout: 15_000 });
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByText(/Can be fetched until/).waitFor({ timeout: 30_000 });
  expect(faults).toEqual([]);
});

test('a download that fails while its page is open says why, and can be asked for again', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const id = await packing('Fails');
  await page.goto(`/downloads/${id}`);
  await page.getByRole('button', { name: 'Cancel download' }).waitFor();
  const error = '{"code":"storage.unavailable","message":"The storage cannot be reached."}';
  await set(id, `state = 'failed', finished_at = now(), lease_until = null, error = '${error}'`);
  await page.getByText('Failed', { exact: true }).first().waitFor();
  await page
    .getByText(/storage/i)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByText(/Can be fetched until/).waitFor({ timeout: 30_000 });
  expect(faults).toEqual([]);
});

test('cancel and revoke ask first, and a double click asks once', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const id = await ready('Asks first');
  await page.goto(`/downloads/${id}`);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') asked.push(new URL(request.url()).pathname.split('/').at(-1)!);
  });
  await page.getByRole('button', { name: 'Revoke download' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke this download?' });
  await expectAccessible(page);
  expect((await page.locator(':focus').textContent())?.trim()).toBe('Cancel');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect(asked).toEqual([]);
  await page.getByRole('button', { name: 'Revoke download' }).click();
  await dialog.getByRole('button', { name: 'Revoke download' }).dblclick();
  await page.getByText('It was revoked').waitFor();
  expect(asked).toEqual(['revoke']);

  const running = await packing('Is cancelled');
  await page.goto(`/downloads/${running}`);
  await page.getByRole('button', { name: 'Cancel download' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel download' }).click();
  await page.getByText('Being cancelled').waitFor();
  await set(running, `state = 'cancelled', lease_until = null`);
  await page.getByRole('button', { name: 'Ask again' }).dblclick();
  await page.getByText(/Can be fetched until/).waitFor({ timeout: 30_000 });
  expect(asked).toEqual(['revoke', 'cancel', 'retry']);
  expect(faults).toEqual([]);
});

test('links are made, shown once, counted and revoked', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const id = await ready('Has links');
  await page.goto(`/downloads/${id}`);
  await page.getByRole('button', { name: 'New link' }).click();
  const dialog = page.getByRole('dialog', { name: 'New link' });
  await expectAccessible(page);
  await dialog.getByLabel('Valid for').selectOption({ label: '1 hour' });
  await dialog.getByRole('button', { name: 'Make link' }).dblclick();
  const url = await dialog.getByLabel('Link').inputValue();
  expect((await fetch(url)).status).toBe(200);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const made = page.getByRole('listitem').filter({ hasText: 'Made by hand' });
  expect(await made.count()).toBe(1);
  await vi.waitFor(
    async () => {
      await page.reload();
      await made.getByText(/Used 1 time, last/).waitFor({ timeout: 2_000 });
    },
    { timeout: 20_000 },
  );
  await made.getByRole('button', { name: 'Revoke link' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke link' }).click();
  await made.getByText('Revoked').waitFor();
  expect((await fetch(url)).status).toBe(410);
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test('what may no longer be had is named, and asking again gives the rest as a download of its own', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const id = await ready('Loses one');
  await page.goto(`/downloads/${id}`);
  await page.getByRole('link', { name: /^Download/ }).waitFor();
  await dashboard.system.db.orm.execute(`update assets set status = 'rejected' where id = '${assetIds[0]}'`);
  await page.reload();
  await page.getByText('1 asset of this archive may no longer be downloaded').waitFor();
  expect(await page.getByRole('link', { name: /^Download/ }).count()).toBe(0);
  await page.getByRole('button', { name: 'Get the rest' }).click();
  await page.getByText('This is the rest of').waitFor({ timeout: 20_000 });
  await page.getByText(/Can be fetched until/).waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Left out (1)' }).click();
  await page.getByText('Not there, or not visible to you').waitFor();
  await expectAccessible(page);
  await dashboard.system.db.orm.execute(`update assets set status = 'approved' where id = '${assetIds[0]}'`);
  expect(faults).toEqual([]);
});

test('an archive that was found damaged says so instead of offering its link, and is made again', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const id = await ready('Damaged');
  await dashboard.system.db.orm.execute(`update bundle_parts set fault = 'corrupt' where download_id = '${id}'`);
  await page.goto(`/downloads/${id}`);
  await page.getByText('This archive was found damaged').waitFor();
  expect(await page.getByRole('link', { name: /^Download/ }).count()).toBe(0);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByRole('link', { name: /^Download/ }).waitFor({ timeout: 30_000 });
  expect(await page.getByText('This archive was found damaged').count()).toBe(0);
  expect(faults).toEqual([]);
});

test('filters by state and name stand in the address', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await ready('Findable needle');
  await page.goto('/downloads');
  await page.getByRole('searchbox', { name: 'Search by name' }).fill('NEEDLE');
  await page.waitForURL(/q=NEEDLE/);
  await vi.waitFor(async () => expect(await page.getByRole('article').count()).toBe(1), { timeout: 10_000 });
  await page.getByLabel('State').selectOption('failed');
  await page.getByText('No download fits.').waitFor();
  await page.reload();
  await page.getByText('No download fits.').waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('article', { name: 'Findable needle' }).waitFor();
  expect(new URL(page.url()).search).toBe('');
  expect(faults).toEqual([]);
});

test('a name of 300 characters, from right to left, with markup in it, is text and fits on a telephone', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester', viewport: phone });
  const name = `مرحبا‮ <img src=x onerror="document.title='run'"><b>${'شعار'.repeat(80)}`.slice(0, 300);
  const id = await ready('Long');
  await dashboard.system.db.orm.execute(
    `update downloads set name = '${name.replaceAll("'", "''")}' where id = '${id}'`,
  );
  await page.goto('/downloads');
  await page.getByRole('article').first().waitFor();
  expect(await page.getByRole('article').first().getByRole('heading').textContent()).toContain(name);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.goto(`/downloads/${id}`);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(name);
  await page.getByRole('button', { name: 'New link' }).waitFor();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  expect(await page.title()).not.toBe('run');
  expect(faults).toEqual([]);
});

test("somebody else's download, and one that is none, are not there", async () => {
  const { page } = await dashboard.openPage({ as: 'requester', expected: [/status of 40[04]/] });
  const { body } = await dashboard.system.administrator.api.post<DownloadJson>('/downloads', {
    assetIds,
    renditions: 'originals',
  });
  for (const id of [body.id, '01900000-0000-7000-8000-000000000000', 'nothing']) {
    await page.goto(`/downloads/${id}`);
    await page.getByText('There is nothing here').first().waitFor();
  }
});
