import { randomBytes } from 'node:crypto';
import type { AssetJson, AssetSummaryJson } from '@sheaf/contract/asset';
import { createUser } from '@sheaf/standalone/create-user';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { expectNoSidewaysScroll, useDashboard } from '../harness/browser.ts';
import { expectAccessible } from '../harness/expect-accessible.ts';
import { phone } from '../harness/page.ts';
import { untilStill } from '../harness/until-still.ts';

const contributor = { email: 'contributor@example.com', password: 'a password of the contributor' };
const dashboard = useDashboard(
  (system) => createUser(system.db, { ...contributor, name: 'contributor', role: 'contributor' }),
  { MAX_UPLOAD_BYTES: '3000000' },
);

const catalogue = '/admin/catalogue';
const addPage = `${catalogue}/add`;
const admin = () => dashboard.system.administrator.api;
const assetsOf = (status: string) => admin().list<AssetSummaryJson>(`/assets?status=${status}`);

interface GivenFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

async function picture(name: string): Promise<GivenFile> {
  const [r = 0, g = 0, b = 0] = randomBytes(3);
  const create = { width: 640, height: 480, channels: 3 as const, background: { r, g, b } };
  return { name, mimeType: 'image/jpeg', buffer: await sharp({ create }).jpeg().toBuffer() };
}

const damaged = (name: string): GivenFile => ({ name, mimeType: 'image/jpeg', buffer: Buffer.from('no picture') });
const bytes = (name: string, size: number): GivenFile => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: randomBytes(size),
});

const choose = (page: Page, ...files: GivenFile[]) => page.locator('input[type=file]').setInputFiles(files);
const rowOf = (page: Page, file: string) =>
  page.getByRole('list', { name: 'Files' }).getByRole('listitem').filter({ hasText: file });
const draftOf = (page: Page, title: string) => page.getByRole('row').filter({ hasText: title });

/** Adds pictures as an administrator does, and gives what they became. */
async function addDrafts(page: Page, ...titles: string[]): Promise<AssetSummaryJson[]> {
  await page.goto(addPage);
  await choose(page, ...(await Promise.all(titles.map((title) => picture(`${title}.jpg`)))));
  await page.getByRole('button', { name: /^Add \d+ files?$/ }).click();
  await page
    .getByRole('status')
    .filter({ hasText: `${titles.length} file` })
    .waitFor();
  await page.getByRole('link', { name: 'To those that wait for approval' }).click();
  await page.getByRole('heading', { level: 1, name: 'Catalogue' }).waitFor();
  const drafts = await assetsOf('draft');
  return titles.map((title) => drafts.find((one) => one.title === title)!);
}

test('from an empty catalogue: two files are added, the refused one says why, and what is approved is in the portal', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator', expected: [/status of 422/] });
  await page.goto('/assets');
  await page.getByText('No assets yet').waitFor();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Add assets' }).click();
  await page.getByRole('heading', { level: 1, name: 'Add assets' }).waitFor();
  await page.getByLabel('Folder').fill('Campaigns/Spring');
  await page.getByLabel('Expires').fill('2031-05-01T12:00');
  await choose(page, await picture('harbour-01.jpg'), damaged('broken.jpg'));
  const title = page.getByLabel('Title of harbour-01.jpg');
  expect(await title.inputValue()).toBe('harbour-01');
  await title.fill('Harbour <b>at dawn</b>');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Add 2 files' }).click();
  await page.getByRole('status').filter({ hasText: '1 file added, 1 not added' }).waitFor();
  await rowOf(page, 'broken.jpg').getByText('The file is named as a picture, but').waitFor();
  await rowOf(page, 'harbour-01.jpg').getByText('Waits for approval').waitFor();
  await expectAccessible(page);
  expect(await assetsOf('approved')).toEqual([]);

  await page.getByRole('link', { name: 'To those that wait for approval' }).click();
  const draft = draftOf(page, 'Harbour <b>at dawn</b>');
  await draft.getByText('Campaigns/Spring').waitFor();
  await draft.getByText('administrator').waitFor();
  await draft.getByText('No licence').waitFor();
  await draft.locator('img').waitFor({ timeout: 60_000 });
  await expectAccessible(page);
  await draft.getByRole('button', { name: /^Harbour/ }).click();
  const dialog = page.getByRole('dialog', { name: /^Harbour/ });
  await dialog.getByText('harbour-01.jpg').waitFor();
  await dialog.getByText('640 × 480').waitFor();
  await dialog.getByText('1 May 2031').waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await draft.getByRole('button', { name: /^Approve Harbour/ }).click();
  await page.getByText('Nothing waits for approval').waitFor();
  await expectAccessible(page);
  await page.getByRole('tab', { name: 'Approved' }).click();
  await draft.waitFor();
  expect(faults).toEqual([]);

  const portal = await dashboard.openPage({ as: 'requester' });
  await portal.page.goto('/assets');
  await portal.page.getByRole('link', { name: 'Harbour <b>at dawn</b>' }).waitFor();
  expect(portal.faults).toEqual([]);
});

test('an upload shows its bytes, asks before it is left, is cancelled, and comes through when it is tried again', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await page.goto(addPage);
  await page.getByLabel('Folder').fill('Slow');
  await choose(page, bytes('slow.bin', 2_000_000));
  const network = await page.context().newCDPSession(page);
  const throttle = (uploadThroughput: number) =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  await throttle(50_000);
  await page.getByRole('button', { name: 'Add 1 file' }).click();
  const row = rowOf(page, 'slow.bin');
  await row.getByText(/^\d+(\.\d)? (kB|MB) of 2 MB$/).waitFor();
  await expect
    .poll(async () => Number(await row.getByRole('progressbar').getAttribute('aria-valuenow')), { timeout: 20_000 })
    .toBeGreaterThan(0);

  await page.getByRole('link', { name: 'Overview' }).click();
  const asking = page.getByRole('dialog', { name: 'Stop adding files?' });
  await asking.getByText('1 file has not been added yet.').waitFor();
  await expectAccessible(page);
  await asking.getByRole('button', { name: 'Cancel', exact: true }).click();
  expect(new URL(page.url()).pathname).toBe(addPage);
  await row.getByRole('button', { name: 'Cancel slow.bin' }).click();
  await row.getByText('Cancelled').waitFor();
  expect((await assetsOf('draft')).filter(({ folder }) => folder === 'Slow')).toEqual([]);

  await throttle(-1);
  await row.getByRole('button', { name: 'Try slow.bin again' }).click();
  await row.getByText('Waits for approval').waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  expect(faults).toEqual([]);
});

test('what is refused says why, file by file: too large without being sent, empty, no place left; dropped files count as chosen', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator', expected: [/status of 4(09|22)/] });
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
  });
  await page.goto(addPage);
  await choose(page, bytes('huge.bin', 3_000_001));
  await page.getByRole('button', { name: 'Add 1 file' }).click();
  await rowOf(page, 'huge.bin').getByText('this installation takes files of up to 3 MB').waitFor();
  expect(sent).toEqual([]);

  // A drop, as the browser makes it.
  await page.evaluate(`(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([], 'empty.bin'));
    dataTransfer.items.add(new File(['notes'], 'notes.txt', { type: 'text/plain' }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  })()`);
  await page.getByRole('button', { name: 'Add 2 files' }).click();
  await rowOf(page, 'empty.bin').getByText('The file is empty.').waitFor();
  await rowOf(page, 'notes.txt').getByText('Waits for approval').waitFor();
  await choose(page, bytes('notes.txt', 5));
  await page.getByRole('button', { name: 'Add 1 file' }).click();
  await page.getByText('The folder has a file of this name already.').waitFor();

  await page.getByLabel('Folder').fill('Elsewhere');
  await rowOf(page, 'notes.txt').last().getByRole('button', { name: 'Try notes.txt again' }).click();
  await page.getByRole('status').filter({ hasText: '2 files added, 2 not added' }).waitFor();
  expect(faults).toEqual([]);
});

test('a session that ends under an upload loses nothing: the file comes through with all that was typed', async () => {
  const { page, faults } = await dashboard.openPage({
    as: 'administrator',
    ownSession: true,
    expected: [/status of 401/, /status of 409/],
  });
  await page.goto(addPage);
  await page.getByLabel('Folder').fill('Later');
  await choose(page, await picture('late.jpg'));
  await page.getByLabel('Title of late.jpg').fill('Came late');
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Add 1 file' }).click();
  const signIn = page.getByRole('dialog', { name: 'Sign in again' });
  await signIn.getByLabel('Password', { exact: true }).fill(dashboard.system.administrator.password);
  await signIn.getByRole('button', { name: 'Sign in' }).click();
  await rowOf(page, 'late.jpg').getByText('Waits for approval').waitFor();
  expect(await assetsOf('draft')).toContainEqual(expect.objectContaining({ title: 'Came late', folder: 'Later' }));

  await choose(page, await picture('late.jpg'));
  await page.getByRole('button', { name: 'Add 1 file' }).click();
  await rowOf(page, 'late.jpg').getByText('The folder has a file of this name already.').waitFor();
  expect(faults).toEqual([]);
});

test('several are approved at once; one that is gone is named with its reason and stays selected with nothing else', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator', expected: [/status of 4(04|29)/] });
  const [first, second, third] = await addDrafts(page, 'batch 1', 'batch 2', 'batch 3');
  // They stand in the order in which they came through.
  const boxes = page.getByRole('checkbox', { name: /^Select batch/ });
  await boxes.nth(2).click();
  await boxes.nth(0).click({ modifiers: ['Shift'] });
  expect(await boxes.nth(1).isChecked()).toBe(true);
  await page.getByRole('region', { name: 'Selection' }).getByText('3 assets selected').waitFor();
  await expectAccessible(page);
  const { origin } = new URL(page.url());
  await page.request.delete(`/api/v1/assets/${second!.id}`, { headers: { origin } });
  // The server is busy once.
  let refusals = 0;
  await page.route(`**/api/v1/assets/${first!.id}`, (route) =>
    route.request().method() !== 'PATCH' || refusals++ > 0
      ? route.continue()
      : route.fulfill({
          status: 429,
          contentType: 'application/problem+json',
          body: JSON.stringify({ code: 'rate.limited', retryAfter: 1 }),
        }),
  );
  await page.keyboard.press('a');
  const dialog = page.getByRole('dialog', { name: 'Approve 3 assets?' });
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await dialog.getByText('1 asset could not be changed').waitFor();
  await dialog.getByText('batch 2: It is gone, or not yours.').waitFor();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const approved = (await assetsOf('approved')).map(({ id }) => id);
  expect(approved).toEqual(expect.arrayContaining([first!.id, third!.id]));
  expect(refusals).toBe(2);
  await page.getByRole('region', { name: 'Selection' }).getByText('1 asset selected').waitFor();
  expect(faults).toEqual([]);
});

test('an asset is looked at after another, edited and approved on the way; a folder that has its name is refused', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator', expected: [/status of 409/] });
  const drafts = await addDrafts(page, 'walk 1', 'walk 2');
  const [newest, older] = drafts.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  await page.getByRole('button', { name: `${newest!.title} ${newest!.title}.jpg` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'The next one' }).click();
  await page
    .getByRole('dialog', { name: older!.title })
    .getByText(/2 of \d+$/)
    .waitFor();
  await dialog.getByRole('button', { name: 'The one before' }).click();
  await page.getByRole('dialog', { name: newest!.title }).getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('dialog', { name: older!.title }).waitFor();
  await expect.poll(async () => (await admin().get<AssetJson>(`/assets/${newest!.id}`)).status).toBe('approved');

  await dialog.getByRole('button', { name: 'Edit…' }).click();
  const edit = page.getByRole('dialog', { name: `Edit “${older!.title}”` });
  await expectAccessible(page);
  await edit.getByLabel('Title').fill('Walked');
  await edit.getByLabel('Folder').fill('Walks');
  await edit.getByLabel('Expires').fill('2032-01-01T00:00');
  await edit.getByRole('button', { name: 'Save' }).click();
  const row = draftOf(page, 'Walked');
  await row.getByText('Walks', { exact: true }).waitFor();
  expect(await admin().get<AssetJson>(`/assets/${older!.id}`)).toMatchObject({ title: 'Walked', licenceId: null });

  await addDrafts(page, older!.title);
  await page.getByRole('button', { name: `${older!.title} ${older!.title}.jpg` }).click();
  await dialog.getByRole('button', { name: 'Edit…' }).click();
  await edit.getByLabel('Folder').fill('Walks');
  await edit.getByRole('button', { name: 'Save' }).click();
  await edit.getByText('The folder has a file of this name already.').waitFor();
  expect(await edit.getByLabel('Folder').inputValue()).toBe('Walks');
  expect(faults).toEqual([]);
});

test('rejecting and withdrawing an approval ask first; both can be undone', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  const [asset] = await addDrafts(page, 'undecided');
  const status = async () => (await admin().get<AssetJson>(`/assets/${asset!.id}`)).status;
  const open = () => page.getByRole('button', { name: 'undecided undecided.jpg' }).click();
  const dialog = page.getByRole('dialog');
  await open();
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await page.getByRole('dialog', { name: 'Reject 1 asset?' }).getByRole('button', { name: 'Cancel' }).click();
  expect(await status()).toBe('draft');
  await open();
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await page.getByRole('dialog', { name: 'Reject 1 asset?' }).getByRole('button', { name: 'Reject' }).click();
  await expect.poll(status).toBe('rejected');

  await page.getByRole('tab', { name: 'Rejected' }).click();
  await page.getByRole('button', { name: 'Approve undecided' }).click();
  await expect.poll(status).toBe('approved');
  await page.getByRole('tab', { name: 'Approved' }).click();
  await open();
  await dialog.getByRole('button', { name: 'Withdraw approval' }).click();
  await page
    .getByRole('dialog', { name: 'Withdraw the approval of 1 asset?' })
    .getByRole('button', { name: 'Withdraw approval' })
    .click();
  await expect.poll(status).toBe('draft');
  expect(faults).toEqual([]);
});

test('a contributor adds assets in the portal and approves none; an auditor looks; to requesters it is not there', async () => {
  const adding = await dashboard.openPage({ as: contributor });
  await adding.page.goto('/assets');
  await adding.page.getByRole('navigation').getByRole('link', { name: 'Add assets' }).first().click();
  await choose(adding.page, await picture('contributed.jpg'));
  await adding.page.getByRole('button', { name: 'Add 1 file' }).click();
  await adding.page.getByText('Administrators approve them').waitFor();
  await expectAccessible(adding.page);
  expect(await adding.page.getByRole('link', { name: 'To those that wait' }).count()).toBe(0);
  await adding.page.goto(catalogue);
  await adding.page.getByText('There is nothing here').first().waitFor();
  expect(adding.faults).toEqual([]);

  const auditor = await dashboard.openPage({ as: 'auditor' });
  await auditor.page.goto(catalogue);
  await draftOf(auditor.page, 'contributed').getByText('contributor', { exact: true }).waitFor();
  expect(await auditor.page.getByRole('checkbox').count()).toBe(0);
  expect(await auditor.page.getByRole('link', { name: 'Add assets' }).count()).toBe(0);
  await auditor.page.getByRole('button', { name: 'contributed contributed.jpg' }).click();
  const dialog = auditor.page.getByRole('dialog');
  await dialog.getByText('contributed.jpg').waitFor();
  expect(await dialog.getByRole('button', { name: /Approve|Reject/ }).count()).toBe(0);
  await expectAccessible(auditor.page);
  expect(auditor.faults).toEqual([]);

  const requester = await dashboard.openPage({ as: 'requester' });
  await requester.page.goto('/add');
  await requester.page.getByText('There is nothing here').first().waitFor();
  expect(await requester.page.locator('input[type=file]').count()).toBe(0);
  expect(requester.faults).toEqual([]);
});

test('on a telephone nothing is cut off, in English and in German', async () => {
  const { page, faults } = await dashboard.openPage({
    as: 'administrator',
    viewport: phone,
    expected: [/status of 422/],
  });
  await addDrafts(page, 'small screen');
  await untilStill(page);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.getByRole('checkbox', { name: 'Select small screen' }).click();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'small screen small screen.jpg' }).click();
  await page.getByRole('dialog').waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  const { origin } = new URL(page.url());
  const speak = (language: string) =>
    page.request.patch('/api/v1/me/preferences', { data: { language }, headers: { origin } });
  expect((await speak('de')).ok()).toBe(true);
  await page.goto(catalogue);
  await page.getByRole('heading', { level: 1, name: 'Katalog' }).waitFor();
  await page.getByRole('checkbox', { name: 'small screen auswählen' }).click();
  await page.getByRole('region', { name: 'Auswahl' }).getByRole('button', { name: 'Freigeben' }).waitFor();
  await expectNoSidewaysScroll(page);
  await page.goto(addPage);
  await page.getByRole('heading', { level: 1, name: 'Assets hinzufügen' }).waitFor();
  await expectNoSidewaysScroll(page);
  expect((await speak('en')).ok()).toBe(true);
  await page.goto(addPage);
  await choose(page, damaged(`${'a-very-long-name-of-a-file-'.repeat(8)}.jpg`));
  await page.getByRole('button', { name: 'Add 1 file' }).click();
  await page.getByText('Not added:').waitFor();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  expect(faults).toEqual([]);
});
