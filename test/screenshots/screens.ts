import type { AssetJson, AssetPageJson } from '@sheaf/contract/asset';
import type { Page } from 'playwright-core';

export interface Screen {
  /** The picture's name. */
  name: string;
  as: 'nobody' | 'requester' | 'administrator';
  path: string;
  /** What is done before the picture is taken, once the page is still. */
  prepare?: (page: Page) => Promise<unknown>;
}

/** Opens the dialog that asks for everything in the catalogue. */
async function askForAll(page: Page): Promise<void> {
  await page.keyboard.press('Control+a');
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  await page.getByRole('dialog').waitFor();
}

/** Some sample pictures that anybody may have, as files to add. */
async function sampleFiles(page: Page): Promise<{ name: string; mimeType: string; buffer: Buffer }[]> {
  const list = await page.request.get('/api/v1/assets?status=approved&licenceId=none&type=image');
  const { items }: AssetPageJson = await list.json();
  return Promise.all(
    items
      .filter(({ expired }) => !expired)
      .map(async ({ id, fileName: name }) => {
        const asset: AssetJson = await (await page.request.get(`/api/v1/assets/${id}`)).json();
        const { url, mediaType } = asset.renditions.find(({ kind }) => kind === 'original')!;
        return { name, mimeType: mediaType, buffer: await (await page.request.get(url)).body() };
      }),
  );
}

/** Has assets wait for approval; those of an earlier picture of this screen do. */
async function addDrafts(page: Page): Promise<void> {
  const { origin } = new URL(page.url());
  for (const file of await sampleFiles(page)) {
    const answer = await page.request.post('/api/v1/assets', {
      multipart: { folder: 'Arrivals', file },
      headers: { origin },
    });
    if (!answer.ok() && answer.status() !== 409) throw new Error(`The file was not added: ${await answer.text()}`);
  }
  await page.reload();
  await page.getByRole('row').nth(1).locator('img').waitFor();
  await page.getByRole('row').nth(1).getByRole('checkbox').click();
}

/** One file that is added already, one that is no picture, and one that is still to be sent. */
async function addFiles(page: Page): Promise<void> {
  await page.getByLabel('Folder').fill(`Arrivals/${Date.now()}`);
  const [first, second] = await sampleFiles(page);
  const input = page.locator('input[type=file]');
  await input.setInputFiles([first!, { ...second!, name: 'cut short.jpg', buffer: second!.buffer.subarray(0, 3_000) }]);
  await page.getByRole('button', { name: 'Add 2 files' }).click();
  await page.getByText('Not added:').waitFor();
  await page.getByText('Waits for approval').waitFor();
  await input.setInputFiles([second!]);
  await page
    .getByLabel(/^Title of/)
    .last()
    .waitFor();
}

/** Every screen that a picture is taken of: whoever builds one adds it here. */
export const screens: Screen[] = [
  { name: 'sign-in', as: 'nobody', path: '/sign-in' },
  { name: 'assets', as: 'requester', path: '/assets' },
  {
    name: 'assets-chosen',
    as: 'requester',
    path: '/assets',
    prepare: async (page) => {
      await page.keyboard.press('Control+a');
      await page.getByRole('region', { name: 'Selection' }).waitFor();
    },
  },
  {
    name: 'asset',
    as: 'requester',
    path: '/assets?q=acanthus',
    prepare: async (page) => {
      await page.getByRole('link', { name: /Acanthus mollis/ }).click();
      await page.getByRole('region', { name: 'Download' }).waitFor();
    },
  },
  {
    name: 'request-licences',
    as: 'requester',
    path: '/assets',
    prepare: async (page) => {
      await askForAll(page);
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Archive Photographs/ })
        .click();
      await page.getByText(/^Page 1:/).waitFor({ state: 'attached' });
    },
  },
  {
    name: 'request-options',
    as: 'requester',
    path: '/assets',
    prepare: async (page) => {
      await askForAll(page);
      const remove = page.getByRole('button', { name: /^Remove the licence/ });
      await remove.first().waitFor();
      while ((await remove.count()) > 0) await remove.first().click();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('region', { name: 'What you will get' }).waitFor();
    },
  },
  { name: 'downloads', as: 'requester', path: '/downloads' },
  { name: 'shared', as: 'requester', path: '/shared' },
  { name: 'inbox', as: 'requester', path: '/inbox' },
  { name: 'preferences', as: 'requester', path: '/preferences' },
  { name: 'palette', as: 'requester', path: '/assets', prepare: (page) => page.keyboard.press('Control+k') },
  {
    name: 'account-menu',
    as: 'administrator',
    path: '/assets',
    prepare: (page) => page.getByRole('button', { name: /^Account/ }).click(),
  },
  { name: 'not-found', as: 'requester', path: '/admin' },
  { name: 'admin-overview', as: 'administrator', path: '/admin' },
  { name: 'admin-queues', as: 'administrator', path: '/admin/queues' },
  { name: 'admin-downloads', as: 'administrator', path: '/admin/downloads' },
  { name: 'admin-catalogue', as: 'administrator', path: '/admin/catalogue', prepare: addDrafts },
  {
    name: 'admin-catalogue-asset',
    as: 'administrator',
    path: '/admin/catalogue',
    prepare: async (page) => {
      await addDrafts(page);
      await page
        .getByRole('button', { name: /\.jpg$/ })
        .first()
        .click();
      await page.getByRole('dialog').getByRole('img').waitFor();
    },
  },
  { name: 'admin-add-assets', as: 'administrator', path: '/admin/catalogue/add', prepare: addFiles },
  { name: 'admin-failures', as: 'administrator', path: '/admin/failures' },
  { name: 'admin-workers', as: 'administrator', path: '/admin/workers' },
  { name: 'admin-audit', as: 'administrator', path: '/admin/audit' },
  { name: 'admin-visibility', as: 'administrator', path: '/admin/configuration/visibility' },
  { name: 'admin-groups', as: 'administrator', path: '/admin/configuration/groups' },
  { name: 'admin-users', as: 'administrator', path: '/admin/configuration/users' },
  { name: 'admin-presets', as: 'administrator', path: '/admin/configuration/presets' },
  { name: 'admin-licences', as: 'administrator', path: '/admin/configuration/licences' },
  { name: 'admin-storage', as: 'administrator', path: '/admin/configuration/storage' },
  { name: 'admin-retention', as: 'administrator', path: '/admin/configuration/retention' },
  { name: 'admin-limits', as: 'administrator', path: '/admin/configuration/limits' },
  { name: 'admin-webhooks', as: 'administrator', path: '/admin/configuration/webhooks' },
];
