import type { QueuesJson } from '@sheaf/contract/queue';
import type { RetentionVersionJson } from '@sheaf/contract/retention';
import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import { recordBlobFault } from '@sheaf/db/storage-care/record-blob-fault';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectNoSidewaysScroll, useDashboard } from '../harness/browser.ts';
import { expectAccessible } from '../harness/expect-accessible.ts';
import { phone } from '../harness/page.ts';
import { addSampleAssets } from '../harness/sample-assets.ts';
import { untilStill } from '../harness/until-still.ts';

const dashboard = useDashboard();

const soon = { timeout: 30_000 };

async function visit(page: Page, path: string, title: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor(soon);
  await untilStill(page);
}

const queue = async (name: string) => {
  const { queues } = await dashboard.system.administrator.api.get<QueuesJson>('/admin/queues');
  return queues.find((candidate) => candidate.name === name)!;
};

test('an empty installation says on its overview what to do first, and on the others how it is', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await visit(page, '/admin', 'Overview');
  await page.getByText('There is nothing to download yet').waitFor();
  await page.getByText('Nothing waits').first().waitFor();
  expect(await page.getByText('No data in this period').count()).toBeGreaterThan(0);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Add assets' }).click();
  await page.getByRole('heading', { level: 1, name: 'Add assets' }).waitFor(soon);
  expect(faults).toEqual([]);
});

test('the overview shows a download that happens, without a reload; its range is in the address; each chart has a table', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await visit(page, '/admin', 'Overview');
  const assetIds = await addSampleAssets(dashboard.system, 2);
  await dashboard.system.requester.api.post('/downloads', { name: 'Shown', assetIds, renditions: 'originals' });
  const ready = page.locator('div:has(> dt:text-is("Ready in the last hour")) dd');
  await ready.getByText('1', { exact: true }).waitFor(soon);
  await page.getByRole('group', { name: 'Time range' }).getByRole('button', { name: '1 h' }).click();
  await page.waitForURL('**/admin?range=1h');
  const downloads = page.getByRole('figure', { name: 'Downloads' });
  await expect.poll(() => downloads.textContent(), soon).toMatch(/Requested: 1\s.*Ready: 1\s.*in this period/s);
  await downloads.getByText('Show as a table').click();
  const rows = downloads.getByRole('table').getByRole('row');
  await expect.poll(() => rows.count(), soon).toBe(61);
  const counts = await downloads.getByRole('row').locator('td:nth-of-type(2)').allTextContents();
  expect(counts.reduce((sum, text) => sum + Number(text), 0)).toBe(1);
  await expectAccessible(page);
  await page.getByRole('heading', { name: 'Who took most capacity in the last day' }).waitFor();
  expect(faults).toEqual([]);
});

test('a queue is paused with a reason, holds what is asked for, and goes on when resumed', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  const { requester, administrator } = dashboard.system;
  await visit(page, '/admin/queues', 'Queues');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Pause: Gather' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pause Gather?' });
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await dialog.getByText('This is needed.').waitFor();
  expect((await queue('gather')).paused).toBeNull();
  const reason = 'New disk <b>tonight</b>';
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText(`by administrator: ${reason}`).waitFor(soon);
  await page.getByRole('button', { name: 'Resume: Gather' }).waitFor();

  const assetIds = await addSampleAssets(dashboard.system, 2, 'Held');
  const { body } = await requester.api.post<{ id: string }>('/downloads', {
    name: 'Held',
    assetIds,
    renditions: 'originals',
    layout: 'flat',
    format: 'tar',
  });
  const row = page.getByRole('row').filter({ hasText: 'Gather' });
  await expect
    .poll(async () => (await row.getByRole('cell').nth(1).textContent())?.trim(), soon)
    .toMatch(/^Waiting 1\s+oldest: /);
  await page.goto('/admin');
  await page.getByRole('link', { name: /Paused: Gather/ }).click();
  await page.getByRole('button', { name: 'Resume: Gather' }).click();
  const resuming = page.getByRole('dialog', { name: 'Resume Gather?' });
  await resuming.getByLabel('Reason').fill('Done');
  await resuming.getByRole('button', { name: 'Resume' }).click();
  await resuming.waitFor({ state: 'detached' });
  await expect
    .poll(async () => (await requester.api.get<{ state: string }>(`/downloads/${body.id}`)).state, soon)
    .toBe('ready');
  const { items } = await administrator.api.get<{ items: { action: string }[] }>('/admin/audit?action=queue.paused');
  expect(items).toHaveLength(1);
  expect(faults).toEqual([]);
});

test('the number of jobs at once is changed with a reason, and a wrong one changes nothing', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await visit(page, '/admin/queues', 'Queues');
  await page.getByRole('button', { name: 'Change: Pack' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Jobs at once/).fill('100');
  await dialog.getByLabel('Reason').fill('More cores');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('A whole number from 1 to 64, or nothing.').first().waitFor();
  expect((await queue('pack')).concurrency).toBeNull();
  await dialog.getByLabel(/^Jobs at once/).fill('5');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('5 per worker').waitFor(soon);
  expect((await queue('pack')).concurrency).toBe(5);
  expect(faults).toEqual([]);
});

test('the worker is shown with its process, and one that fell silent is marked', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await dashboard.system.db.orm.execute(`insert into workers (id, host, pid, version, started_at, heartbeat_at, rss_bytes)
    values ('silent', 'far-away', 7, '0.0.1', now() - interval '1 hour', now() - interval '2 minutes', 1000)`);
  await visit(page, '/admin/workers', 'Workers');
  await page.getByText('1 worker alive, 1 silent').waitFor(soon);
  const row = page.getByRole('row').filter({ hasText: 'far-away' });
  await row.getByText('Silent').waitFor();
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test('the storage page shows what is used and what is free', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await visit(page, '/admin/configuration/storage', 'Storage');
  await page.getByText('Free on the disk').waitFor(soon);
  await page.getByRole('row').filter({ hasText: 'Originals' }).waitFor();
  await page.getByText('None that is known').waitFor();
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test('a damaged file is shown with the assets and the ready downloads that it affects, and on the overview', async () => {
  const { db } = dashboard.system;
  const [file] = await db.orm.execute<{ sha256: string; title: string }>(`
    select r.blob_sha256 as sha256, a.title from renditions r join assets a on a.id = r.asset_id
    join download_items i on i.asset_id = a.id join downloads d on d.id = i.download_id and d.state = 'ready'
    where r.kind = 'original' limit 1`);
  const { sha256, title } = file!;
  await db.transaction((tx) => recordBlobFault(tx, { sha256, fault: 'corrupt', now: new Date() }));
  // Nobody looks whether it is well again while the test looks.
  await db.orm.execute(`update blobs set fault_checked_at = now() + interval '1 hour' where sha256 = '${sha256}'`);
  const { page, faults } = await dashboard.openPage({ as: 'auditor' });
  await visit(page, '/admin/configuration/storage', 'Storage');
  const row = page.getByRole('row').filter({ hasText: sha256 });
  await row.getByText('Damaged').waitFor(soon);
  await row.getByText(title, { exact: false }).first().waitFor();
  await row.getByRole('link').first().waitFor();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await visit(page, '/admin', 'Overview');
  await page.getByText('1 file is missing or damaged').waitFor(soon);
  await markBlobFault(db.orm, sha256, null);
  expect(faults).toEqual([]);
});

test('retention is tried, then changed with a reason after its effect was shown, and stands in the history', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await dashboard.system.db.orm.execute(
    "update downloads set ready_at = ready_at - interval '30 hours' where state = 'ready'",
  );
  await visit(page, '/admin/configuration/retention', 'Retention');
  await page.getByText('Nobody has changed it yet.').waitFor(soon);
  const hours = page.getByLabel(/^Bundles and their links live/);
  await hours.fill('0');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText('A whole number from 1 to 87,600, or nothing.').waitFor();
  await hours.fill('24');
  await page.getByRole('button', { name: 'Try it' }).click();
  const effect = /It would expire 2 bundles, free .*, affect 1 person\./;
  await page.getByText(effect).waitFor(soon);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change the retention?' });
  await dialog.getByText(effect).waitFor();
  await expectAccessible(page);
  await dialog.getByLabel('Reason').fill('The disk is full');
  await dialog.getByRole('button', { name: 'Change it' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('row').filter({ hasText: 'The disk is full' }).waitFor(soon);
  const { version, retention } = await dashboard.system.administrator.api.get<RetentionVersionJson>('/admin/retention');
  expect([version, retention.bundleHours]).toEqual([1, 24]);
  await expect
    .poll(
      async () =>
        (await dashboard.system.requester.api.get<{ items: object[] }>('/downloads?state=expired')).items.length,
      soon,
    )
    .toBe(2);
  expect(faults).toEqual([]);
});

test('an auditor sees all of it, can try a retention, and finds nothing to change', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'auditor' });
  await visit(page, '/admin', 'Overview');
  await page.getByText('You may look at everything here and change nothing.').waitFor();
  await visit(page, '/admin/queues', 'Queues');
  await page.getByRole('row').filter({ hasText: 'Gather' }).waitFor();
  expect(await page.getByRole('button', { name: /^(Pause|Resume|Change):/ }).count()).toBe(0);
  await visit(page, '/admin/workers', 'Workers');
  await visit(page, '/admin/configuration/storage', 'Storage');
  await visit(page, '/admin/configuration/retention', 'Retention');
  await page.getByLabel(/^Bundles and their links live/).fill('1');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText('What that would do now').waitFor(soon);
  expect(await page.getByRole('button', { name: 'Save…' }).count()).toBe(0);
  await expectAccessible(page);
  await expect(dashboard.system.auditor.api.post('/admin/queues/pack/pause', { reason: 'r' })).rejects.toThrow();
  expect((await queue('pack')).paused).toBeNull();
  expect(faults).toEqual([]);
});

test('every one of these pages fits on a phone', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator', viewport: phone });
  const pages = {
    '/admin?range=90d': 'Overview',
    '/admin/queues': 'Queues',
    '/admin/workers': 'Workers',
    '/admin/configuration/storage': 'Storage',
    '/admin/configuration/retention': 'Retention',
  };
  for (const [path, title] of Object.entries(pages)) {
    await visit(page, path, title);
    await expectNoSidewaysScroll(page);
  }
  expect(faults).toEqual([]);
});
