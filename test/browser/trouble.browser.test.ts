import { createHash } from 'node:crypto';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DownloadJson } from '@sheaf/contract/download';
import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { useDashboard } from '../harness/browser.ts';
import { addSampleAssets } from '../harness/sample-assets.ts';

const many = 10_000;

let assetIds: string[];
const dashboard = useDashboard(async (system) => {
  assetIds = await addSampleAssets(system, 4);
  // The others have the first one's file.
  await system.db.orm.execute(`
    with one as (select * from renditions where asset_id = '${assetIds[0]}' and kind = 'original'),
    added as (
      insert into assets (id, title, folder, file_name, media_type, status, modified_at, created_at, updated_at)
      select uuidv7(), 'Many ' || n, 'Many', 'many-' || n || '.jpg', 'image/jpeg', 'approved', now(), now(), now()
      from generate_series(1, ${many}) n returning id, file_name
    )
    insert into renditions (id, asset_id, kind, name, state, media_type, file_name, width, height, blob_sha256, created_at)
    select uuidv7(), added.id, one.kind, one.name, one.state, one.media_type, added.file_name, one.width, one.height, one.blob_sha256, now()
    from added, one`);
});

const requester = () => dashboard.system.requester.api;

async function untilReady(name: string): Promise<DownloadJson> {
  return vi.waitFor(
    async () => {
      const found = (await requester().list<DownloadJson>('/downloads')).find((one) => one.name === name);
      if (found?.state !== 'ready') throw new Error(`${name} is ${found?.state ?? 'not there'}.`);
      return found;
    },
    { timeout: 60_000, interval: 100 },
  );
}

/** An asset whose file is large and, being a hole, takes no room. */
async function addHole(name: string, size: number): Promise<string> {
  const { db, storage } = dashboard.system;
  const sha256 = createHash('sha256').update(name).digest('hex');
  const file = storage.blobs.path(sha256)!;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, '');
  await truncate(file, size);
  await db.orm.execute(`insert into blobs (sha256, size, crc32) values ('${sha256}', ${size}, 0)`);
  const rows = await db.orm.execute<{ asset_id: string }>(`
    with added as (
      insert into assets (id, title, folder, file_name, media_type, status, modified_at)
      values (uuidv7(), 'Large ${name}', 'Large', '${name}.mp4', 'video/mp4', 'approved', now()) returning id
    )
    insert into renditions (id, asset_id, kind, name, state, media_type, file_name, blob_sha256)
    select uuidv7(), id, 'original', 'original', 'ready', 'video/mp4', '', '${sha256}' from added returning asset_id`);
  return rows[0]!.asset_id;
}

/** Every call to the api waits so long for its answer. */
async function slow(page: Page, milliseconds: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: milliseconds,
    downloadThroughput: 200_000,
    uploadThroughput: 100_000,
  });
}

/** Keeps answers of the api below a path from the page until what is given back is called. */
async function hold(page: Page, path: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(
    ({ pathname }) => pathname.startsWith(path),
    async (route) => {
      await promise;
      await route.continue();
    },
  );
  return resolve;
}

/** How far what was there has moved by itself, as browsers measure it: 0 is not at all. */
const layoutShift = `new Promise((resolve) => {
  let moved = 0;
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value } of list.getEntries()) if (!hadRecentInput) moved += value;
  }).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => resolve(moved), 500);
})`;

test('ten thousand assets are chosen at once, asked for and ready, and the page stays as small as it was', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await page.goto('/assets?folder=Many');
  await page.getByRole('list', { name: 'Assets' }).getByRole('listitem').first().waitFor();
  await page.keyboard.press('Control+a');
  const selection = page.getByRole('region', { name: 'Selection' });
  await selection.getByText('10,000 assets selected').waitFor();
  for (let screen = 0; screen < 20; screen++) await page.mouse.wheel(0, 4_000);
  await vi.waitFor(async () => expect(Number(await page.evaluate('scrollY'))).toBeGreaterThan(20_000));
  await page.getByRole('list', { name: 'Assets' }).getByRole('listitem').first().waitFor();
  expect(Number(await page.evaluate('document.querySelectorAll("*").length'))).toBeLessThan(2_500);

  await selection.getByRole('button', { name: 'Download', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('10,000 files of 10,000 assets').waitFor();
  await dialog.getByRole('textbox', { name: /^Name/ }).fill('Ten thousand');
  await dialog.getByRole('button', { name: 'Download', exact: true }).click();
  await page.waitForURL('**/downloads');
  const download = await untilReady('Ten thousand');
  expect(download.counts).toMatchObject({ included: many, excluded: 0 });
  await page.getByRole('article', { name: 'Ten thousand' }).getByText('10,000 assets').waitFor();
  expect(faults).toEqual([]);
});

test('on a slow network there is a skeleton at once, nothing moves when the rest comes, and a double click asks once', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  await page.goto('/inbox');
  await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
  for (const [link, answers] of [
    ['My downloads', '/api/v1/downloads'],
    ['Assets', '/api/v1/assets'],
  ] as const) {
    const letGo = await hold(page, answers);
    await page.getByRole('navigation').getByRole('link', { name: link }).click();
    await page.getByRole('heading', { level: 1, name: link }).waitFor();
    const skeleton = page.getByRole('main').locator('.animate-pulse').first();
    await skeleton.waitFor();
    letGo();
    await skeleton.waitFor({ state: 'detached' });
  }
  expect(Number(await page.evaluate(layoutShift))).toBeLessThan(0.05);

  await slow(page, 400);
  for (const title of ['picture 1', 'picture 2']) {
    await page.getByRole('searchbox').fill(title);
    await page.getByRole('checkbox', { name: `Select ${title}`, exact: true }).click();
  }
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/downloads')) asked.push(request.url());
  });
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Download', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^Name/ }).fill('Asked once');
  await dialog.getByText('2 files of 2 assets').waitFor();
  await dialog.getByRole('button', { name: 'Download', exact: true }).dblclick();
  await page.waitForURL('**/downloads');
  await untilReady('Asked once');
  expect(asked).toHaveLength(1);
  expect((await requester().list<DownloadJson>('/downloads')).filter(({ name }) => name === 'Asked once')).toHaveLength(
    1,
  );
  expect(faults).toEqual([]);
});

test('a page that is opened while the api is slow waits with skeletons, and nothing moves when the answers come', async () => {
  const body = { name: 'Stands there', assetIds, renditions: 'originals' };
  await requester().post('/downloads', body);
  await untilReady(body.name);
  for (const [as, path, answers] of [
    ['requester', '/assets', '/api/v1/assets'],
    ['requester', '/downloads', '/api/v1/downloads'],
    ['administrator', '/admin', '/api/v1/admin/overview'],
  ] as const) {
    const { page, faults } = await dashboard.openPage({ as });
    const letGo = await hold(page, answers);
    await page.goto(path);
    const skeleton = page.getByRole('main').locator('.animate-pulse').first();
    await skeleton.waitFor();
    expect(await page.getByRole('main').getByRole('status').allTextContents(), path).toContain('Loading…');
    letGo();
    await skeleton.waitFor({ state: 'detached' });
    expect(Number(await page.evaluate(layoutShift)), path).toBeLessThan(0.05);
    expect(faults).toEqual([]);
    await page.context().close();
  }
});

test('an archive in parts shows each with its size, and each has its own link', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'requester' });
  const large = [await addHole('a', 600_000_000), await addHole('b', 700_000_000)];
  const { body } = await requester().post<DownloadJson>('/downloads', {
    name: 'In parts',
    assetIds: large,
    renditions: 'originals',
    partSize: 1_000_000_000,
  });
  const { bundle } = await untilReady('In parts');
  expect(bundle!.parts).toHaveLength(2);
  await page.goto(`/downloads/${body.id}`);
  await page.getByRole('heading', { name: '2 parts' }).waitFor();
  for (const part of bundle!.parts) {
    const row = page.getByRole('listitem').filter({ hasText: `Part ${part.number}` });
    await row.getByText(`${Math.round(part.size / 1_000_000)} MB`).waitFor();
    const answer = await page.request.head((await row.getByRole('link').getAttribute('href'))!);
    expect(answer.headers()['content-length']).toBe(String(part.size));
  }
  expect(faults).toEqual([]);
});
