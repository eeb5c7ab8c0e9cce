import { stat } from 'node:fs/promises';
import type { DownloadJson } from '@sheaf/contract/download';
import { findUserByEmail } from '@sheaf/db/users/find-user';
import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { expectAccessible, useDashboard } from '../harness/browser.ts';
import { requestDownload } from '../harness/request-download.ts';
import { addSampleAssets } from '../harness/sample-assets.ts';
import type { TestSystem } from '../harness/system.ts';

const many = 10_000;
let assetIds: string[];
const dashboard = useDashboard(async (system) => {
  assetIds = await addSampleAssets(system, 4);
  await addMany(system, assetIds[0]!);
});

/** Assets of a folder of their own that all have the bytes of one picture. */
async function addMany({ db }: TestSystem, assetId: string): Promise<void> {
  await db.orm.execute(`insert into assets (id, title, folder, file_name, media_type, status, modified_at)
    select gen_random_uuid(), 'many ' || n, 'Many', 'many ' || n || '.jpg', 'image/jpeg', 'approved', now() from generate_series(1, ${many}) n`);
  await db.orm.execute(`insert into renditions (id, asset_id, kind, name, state, media_type, file_name, width, height, blob_sha256)
    select gen_random_uuid(), a.id, r.kind, r.name, 'ready', r.media_type, a.file_name, r.width, r.height, r.blob_sha256
    from assets a, renditions r where a.folder = 'Many' and r.asset_id = '${assetId}' and r.kind = 'original'`);
}

const requester = () => dashboard.system.requester.api;
const named = async (name: string): Promise<DownloadJson[]> =>
  (await requester().list<DownloadJson>('/downloads')).filter((download) => download.name === name);

const untilReady = (id: string): Promise<DownloadJson> =>
  vi.waitFor(
    async () => {
      const download = await requester().get<DownloadJson>(`/downloads/${id}`);
      expect(download.state).toBe('ready');
      return download;
    },
    { timeout: 60_000, interval: 100 },
  );

const writesOf = (page: Page): string[] => {
  const writes: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') writes.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  return writes;
};

/** What the api answers to this waits until it is let go. */
async function hold(page: Page, path: RegExp): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(
    ({ pathname }) => path.test(pathname),
    async (route) => {
      await promise;
      await route.continue();
    },
  );
  return resolve;
}

test('all 10,000 assets that a view finds are selected, decided and downloaded, and the page stays small', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await page.goto('/assets?folder=Many');
  await page.getByText('10,000 assets').first().waitFor();
  await page.getByRole('checkbox', { name: 'Select many', exact: false }).first().click();
  await page.getByRole('button', { name: 'Select all 10,000 assets' }).click();
  const bar = page.getByRole('region', { name: 'Selection' }).getByRole('status');
  await bar.getByText(/^10,000 assets selected/).waitFor();
  expect(await bar.textContent()).toMatch(/· [\d.]+ MB/);

  await page.keyboard.press('End');
  await page.getByRole('region', { name: 'Selection' }).waitFor();
  const nodes = () => page.evaluate<number>('document.querySelectorAll("*").length');
  expect(await nodes()).toBeLessThan(2_500);

  await page.getByRole('button', { name: 'Download', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Download assets' });
  await dialog.getByText('10,000 files of 10,000 assets').waitFor({ timeout: 30_000 });
  await dialog.getByText('It is prepared in the background').waitFor();
  expect(await nodes()).toBeLessThan(2_500);
  await dialog.getByRole('textbox', { name: /^Name/ }).fill('All of many');
  await dialog.getByRole('button', { name: 'Download', exact: true }).click();
  await page.waitForURL('**/downloads');
  await page
    .getByRole('article', { name: 'All of many' })
    .getByText(/Can be fetched until/)
    .waitFor({ timeout: 90_000 });
  const [download] = await named('All of many');
  expect(download).toMatchObject({ state: 'ready', counts: { included: many, excluded: 0 } });
  expect(faults).toEqual([]);
});

test('on a slow network a second click on Download asks for nothing more', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await page.goto('/assets?folder=Samples');
  for (const n of [1, 2]) await page.getByRole('checkbox', { name: `Select picture ${n}`, exact: true }).click();
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Download assets' });
  await dialog.getByText('2 files of 2 assets').waitFor();
  await dialog.getByRole('textbox', { name: /^Name/ }).fill('Asked twice');
  const letGo = await hold(page, /^\/api\/v1\/downloads$/);
  const writes = writesOf(page);
  const send = dialog.getByRole('button', { name: 'Download', exact: true });
  await send.dblclick();
  await send.click({ force: true });
  await page.keyboard.press('Enter');
  letGo();
  await page.waitForURL('**/downloads');
  await page.getByRole('article', { name: 'Asked twice' }).waitFor();
  expect(writes.filter((write) => write === 'POST /api/v1/downloads')).toHaveLength(1);
  expect(await named('Asked twice')).toHaveLength(1);
  expect(faults).toEqual([]);
});

test('the parts of a download are listed with their sizes, and each is fetched by its own link', async () => {
  const { db } = dashboard.system;
  const user = (await findUserByEmail(db.orm, dashboard.system.requester.email))!;
  // Far smaller than the smallest that may be asked for.
  const id = await requestDownload({ db, clock: () => new Date() }, user, { assetIds, partSize: 5_000 });
  const { bundle } = await untilReady(id);
  expect(bundle!.parts.length).toBeGreaterThan(1);

  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await page.goto(`/downloads/${id}`);
  await page.getByRole('heading', { name: `${bundle!.parts.length} parts` }).waitFor();
  await expectAccessible(page);
  for (const { number, size } of bundle!.parts) {
    const part = page.getByRole('listitem').filter({ hasText: `Part ${number}` });
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      part.getByRole('link', { name: `Download part ${number}` }).click(),
    ]);
    expect((await stat(await file.path())).size).toBe(size);
    const [, shownSize] = /([\d.]+) kB/.exec((await part.textContent())!)!;
    expect(Math.abs(Number(shownSize) * 1_000 - size)).toBeLessThanOrEqual(50);
  }
  expect(faults).toEqual([]);
});

test('a download that fails while its page is open says why, and is asked for again from there', async () => {
  const { id } = (await requester().post<DownloadJson>('/downloads', { assetIds, renditions: 'originals' })).body;
  await untilReady(id);
  const set = (changes: string) =>
    dashboard.system.db.orm.execute(`update downloads set ${changes} where id = '${id}'`);
  await set(
    `state = 'packing', ready_at = null, expires_at = null, worker_id = 'test', lease_until = now() + interval '1 hour'`,
  );
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await page.goto(`/downloads/${id}`);
  await page.getByRole('button', { name: 'Cancel download' }).waitFor();
  await set(`state = 'failed', lease_until = null, finished_at = now(),
    error = '{"code":"storage.full","message":"The storage is full."}'`);
  await page.getByRole('main').getByText('The storage is full.').waitFor();
  await page.getByRole('button', { name: 'Cancel download' }).waitFor({ state: 'detached' });
  expect(await page.getByRole('link', { name: /^Download/ }).count()).toBe(0);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByText(/Can be fetched until/).waitFor({ timeout: 30_000 });
  await page.getByText('The storage is full.').waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
});

test('an auditor reads downloads and failures, and finds nothing that changes them', async () => {
  const name = 'Read by the auditor';
  const { id } = (await requester().post<DownloadJson>('/downloads', { name, assetIds, renditions: 'originals' })).body;
  await untilReady(id);
  await dashboard.system.db.orm.execute(`update downloads set state = 'failed', ready_at = null, finished_at = now(),
    error = '{"code":"storage.full","message":"No room was left."}' where id = '${id}'`);
  const { page, faults } = await dashboard.openPage({ as: 'auditor' });
  const writes = writesOf(page);
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
