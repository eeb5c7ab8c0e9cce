import { readFile } from 'node:fs/promises';
import type { DownloadJson } from '@sheaf/contract/download';
import { samplePdf } from '@sheaf/ingest/testing/pdf-samples';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { expectNoSidewaysScroll, useDashboard } from '../harness/browser.ts';
import { expectAccessible } from '../harness/expect-accessible.ts';
import { phone } from '../harness/page.ts';
import { addSampleAssets } from '../harness/sample-assets.ts';
import { untilStill } from '../harness/until-still.ts';
import { startWebhookListener } from '../harness/webhook-listener.ts';

const presets = '/admin/configuration/presets';
const licences = '/admin/configuration/licences';
const webhooks = '/admin/configuration/webhooks';
const audit = '/admin/audit';

const listener = await startWebhookListener();
afterAll(() => listener.close());
let assetIds: string[];
const dashboard = useDashboard(
  async (system) => {
    assetIds = await addSampleAssets(system, 2);
  },
  { WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1' },
);

const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

async function choose(page: Page, row: string, item: RegExp): Promise<void> {
  await rowOf(page, row)
    .getByRole('button', { name: /^Actions for/ })
    .click();
  await page.getByRole('menuitem', { name: item }).click();
}

const pdf = (text: string) => ({ name: 'terms.pdf', mimeType: 'application/pdf', buffer: samplePdf({ text }) });

test('an empty installation says on each screen what to do first, with the button that does it', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  for (const [path, text, button] of [
    [presets, 'No image presets yet', 'Add image preset'],
    [`${presets}?kind=crops`, 'No smart-crop profiles yet', 'Add smart-crop profile'],
    [licences, 'No licences yet', 'Add licence'],
    [webhooks, 'No webhooks yet', 'Add webhook'],
  ] as const) {
    await page.goto(path);
    await page.getByText(text).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('dialog', { name: button }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  expect(faults).toEqual([]);
});

test('an image preset is tried on a picture, added, approved, loses the approval when it is changed, and is deleted', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await page.goto(presets);
  await page.getByRole('button', { name: 'Add image preset' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill('Small <b>teaser</b>');
  await dialog.getByLabel('Name').fill('teaser');
  await dialog.getByLabel('Width').fill('200');
  await dialog.getByLabel('Height').fill('100');
  await dialog.getByRole('button', { name: /picture 1/ }).click();
  const preview = dialog.getByRole('img', { name: /^Preview on/ });
  await preview.waitFor({ timeout: 60_000 });
  const ratio = () =>
    preview.evaluate((img) => {
      const { naturalWidth, naturalHeight } = img as unknown as { naturalWidth: number; naturalHeight: number };
      return naturalWidth / naturalHeight;
    });
  expect(await ratio()).toBe(2);
  await dialog.getByLabel('Height').fill('200');
  await expect.poll(ratio, { timeout: 60_000 }).toBe(1);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Add image preset' }).click();

  const row = rowOf(page, 'Small <b>teaser</b>');
  await row.getByText('Not approved').waitFor();
  await choose(page, 'teaser', /^Approve/);
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await row.getByText('Approved', { exact: true }).waitFor();

  await choose(page, 'teaser', /^Edit/);
  await dialog.getByLabel('Format').selectOption('png');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row.getByText('Not approved').waitFor();
  await row.getByText('PNG').waitFor();
  await expectAccessible(page);

  await choose(page, 'teaser', /^Delete/);
  await page.getByRole('dialog').getByText('cannot be undone').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No image presets yet').waitFor();
  expect(faults).toEqual([]);
});

test('a smart-crop profile has several sizes; what is refused is said in the dialog and loses nothing', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator', expected: [/status of 4\d\d/] });
  await page.goto(`${presets}?kind=crops`);
  await page.getByRole('button', { name: 'Add smart-crop profile' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').first().fill('Social');
  await dialog.getByLabel('Name').first().fill('social');
  await dialog.getByRole('button', { name: 'Add a size' }).click();
  for (const [n, width] of [
    [1, '320'],
    [2, '160'],
  ] as const) {
    const size = dialog.getByRole('group', { name: `Size ${n}` });
    await size.getByLabel('Name').fill('same');
    await size.getByLabel('Width').fill(width);
    await size.getByLabel('Height').fill('160');
  }
  await dialog.getByRole('button', { name: 'Add smart-crop profile' }).click();
  await dialog
    .getByRole('alert')
    .getByText(/name of another size/)
    .last()
    .waitFor();
  await dialog.getByRole('group', { name: 'Size 2' }).getByLabel('Name').fill('square');
  await dialog.getByRole('button', { name: /picture 2/ }).click();
  await dialog.getByRole('img', { name: /^Preview on/ }).waitFor({ timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Add smart-crop profile' }).click();
  await rowOf(page, 'Social').getByText('square 160 × 160').waitFor();
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test('a licence is added with its PDF, gets new terms, an expiry, and loses its approval', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator', expected: [/status of 4\d\d/] });
  await page.goto(licences);
  await page.getByRole('button', { name: 'Add licence' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill('Press use');
  await dialog.getByLabel('Approve it at once').check();
  await dialog
    .getByLabel('Terms')
    .setInputFiles({ name: 'x.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') });
  await dialog.getByRole('button', { name: 'Add licence' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Terms').setInputFiles(pdf('one'));
  await dialog.getByRole('button', { name: 'Add licence' }).click();
  const row = rowOf(page, 'Press use');
  await row.getByText('Approved', { exact: true }).waitFor();
  await row.getByText('Version 1').waitFor();

  await choose(page, 'Press use', /^New version/);
  await dialog.getByLabel('Terms').setInputFiles(pdf('two'));
  await dialog.getByRole('button', { name: 'Replace the terms' }).click();
  await row.getByText('Version 2').waitFor();

  await choose(page, 'Press use', /^Edit/);
  await dialog.getByLabel('Expires').fill('2020-01-01T00:00');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row.getByText('Expired', { exact: true }).waitFor();

  await choose(page, 'Press use', /^Versions/);
  await dialog.getByRole('row').nth(2).waitFor();
  await dialog.getByRole('button', { name: 'View the PDF of version 1' }).click();
  const shown = dialog.getByRole('document', { name: 'Version 1' });
  await shown.locator('canvas').waitFor();
  await expectAccessible(page);
  const answer = await page.request.get((await dialog.getByRole('link').getAttribute('href')) ?? '');
  expect(await answer.body()).toEqual(samplePdf({ text: 'one' }));
  await page.keyboard.press('Escape');

  await choose(page, 'Press use', /^Withdraw/);
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw approval' }).click();
  await row.getByText('Not approved').waitFor();
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test('a webhook shows its secret once, what it was sent with each attempt, and sends it again', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await page.goto(webhooks);
  await page.getByRole('button', { name: 'Add webhook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill(listener.url);
  await dialog.getByLabel('Download expired').uncheck();
  await dialog.getByRole('button', { name: 'Add webhook' }).click();
  const secret = await dialog.getByText(/^whsec_/).innerText();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await page.getByText(/whsec_/).count()).toBe(0);
  await expectAccessible(page);

  const { administrator } = dashboard.system;
  await administrator.api.post<DownloadJson>('/downloads', { assetIds, renditions: 'originals' });
  await page.getByRole('link', { name: /^Deliveries to/ }).click();
  const delivery = page.getByRole('article', { name: 'Download is ready' });
  await delivery.getByRole('status').getByText('Delivered').waitFor({ timeout: 60_000 });
  await delivery.getByRole('cell', { name: '204' }).waitFor();
  await expectAccessible(page);
  await delivery.getByRole('button', { name: 'Redeliver' }).click();
  await delivery.getByText('2 attempts').first().waitFor({ timeout: 30_000 });
  const [first, second] = listener.received.map(({ headers }) => headers['webhook-id']);
  expect(second).toBe(first);

  await page.getByRole('link', { name: 'All webhooks' }).click();
  await page.getByRole('button', { name: 'New secret…' }).click();
  await dialog.getByText('For 24 hours, each message carries').waitFor();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Make a new secret' }).click();
  const rotated = await dialog.getByText(/^whsec_/).innerText();
  expect(rotated).not.toBe(secret);
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByText('The secret before this one still signs as well, until').waitFor();
  await expectAccessible(page);

  await page.getByRole('switch', { name: 'Enabled' }).click();
  await page.getByText('Disabled').waitFor();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No webhooks yet').waitFor();
  expect(faults).toEqual([]);
});

test('a webhook whose receiver is gone says so, its owner finds it in the inbox, and it is switched on again', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  const { administrator } = dashboard.system;
  listener.answer((response) => response.writeHead(410).end());
  await administrator.api.post('/webhooks', { url: listener.url });
  await administrator.api.post<DownloadJson>('/downloads', { assetIds, renditions: 'originals' });

  await page.goto('/inbox');
  await page.getByRole('link', { name: /^The webhook at .* was switched off$/ }).click({ timeout: 60_000 });
  await page.getByText('Switched off by itself: its receiver answered that it is gone (410).').waitFor();
  await expectAccessible(page);
  listener.answer((response) => response.writeHead(204).end());
  await page.getByRole('switch', { name: 'Enabled' }).click();
  await page.getByText('Switched off by itself').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No webhooks yet').waitFor();
  expect(faults).toEqual([]);
});

test('the audit log is filtered, shows an event whole, is exported as filtered, and its chain holds', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await page.goto(audit);
  await page.getByRole('row').nth(1).waitFor();
  await expectAccessible(page);
  await page.getByText('Filter', { exact: true }).click();
  await page.getByLabel('What happened').selectOption('licence.changed');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.waitForURL(/action=licence\.changed/);
  const table = page.getByRole('table', { name: 'Audit' });
  await expect.poll(() => table.getByRole('cell', { name: 'Licence changed' }).count()).toBe(3);
  await expect.poll(() => table.getByRole('row').count()).toBe(4);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export as CSV' }).click(),
  ]);
  const rows = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  expect(rows).toHaveLength(4);
  for (const row of rows.slice(1)) expect(row).toContain(',licence.changed,');

  await page
    .getByRole('button', { name: /^Details of event/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('"approved": false').waitFor();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Only this: Licence' }).click();
  await page.waitForURL(/licenceId=/);
  await table.getByRole('cell', { name: 'Licence added' }).waitFor();

  await page.getByText('Chain of hashes').click();
  await page.getByRole('button', { name: 'Check the chain' }).click();
  await page.getByText(/^Events 1 to \d+ hold\.$/).waitFor();
  await page.getByLabel('Hash that you noted earlier').fill(`1:${'0'.repeat(64)}`);
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText('Altered at event 1').waitFor();
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test('an auditor reads all of it and is offered nothing that changes anything', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'auditor' });
  for (const [path, text] of [
    [presets, 'No image presets yet'],
    [`${presets}?kind=crops`, 'Social'],
    [licences, 'Press use'],
    [webhooks, 'No webhooks yet'],
    [audit, 'Licence added'],
  ] as const) {
    await page.goto(path);
    await page.getByRole('main').getByText(text).last().waitFor();
    const main = page.getByRole('main');
    expect(await main.getByRole('button', { name: /^(Add|Edit|Delete|Approve|Withdraw|Save)/ }).count()).toBe(0);
    expect(await main.getByRole('switch').count()).toBe(0);
  }
  await page.goto(licences);
  await rowOf(page, 'Press use')
    .getByRole('button', { name: /^Actions for/ })
    .click();
  expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Versions…']);
  expect(faults).toEqual([]);
});

test('nothing is wider than a telephone, and German says all of it', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator', viewport: phone });
  const { origin } = new URL(dashboard.system.url);
  const data = { language: 'de' };
  expect((await page.request.patch('/api/v1/me/preferences', { data, headers: { origin } })).ok()).toBe(true);
  for (const [path, title] of [
    [presets, 'Vorgaben'],
    [licences, 'Lizenzen'],
    [webhooks, 'Webhooks'],
    [audit, 'Protokoll'],
    [`${presets}?kind=crops`, 'Vorgaben'],
  ] as const) {
    await page.goto(path);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await untilStill(page);
    await expectNoSidewaysScroll(page);
  }
  await page.getByRole('button', { name: 'Zuschnittprofil hinzufügen' }).click();
  await page.getByRole('dialog').getByRole('region', { name: 'Vorschau' }).waitFor();
  await expectNoSidewaysScroll(page);
  expect(faults).toEqual([]);
});
