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
      await page.getByRole('button', { name: /^Remove the licence Agency/ }).click();
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
