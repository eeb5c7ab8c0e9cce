import type { GroupJson } from '@sheaf/contract/group';
import type { UserJson } from '@sheaf/contract/user';
import type { VisibilityJson } from '@sheaf/contract/visibility';
import { createUser } from '@sheaf/standalone/create-user';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible, useDashboard } from '../harness/browser.ts';

const auditor = { email: 'auditor@example.com', password: 'a password of the auditor' };
const dashboard = useDashboard(async (system) => {
  await createUser(system.db, { ...auditor, name: 'auditor', role: 'auditor' });
});

const configuration = '/admin/configuration';
const admin = () => dashboard.system.administrator.api;
const inForce = () => admin().get<VisibilityJson>('/admin/visibility');
const makeGroup = async (name: string) => (await admin().post<GroupJson>('/admin/groups', { name })).body;
const findUser = async (email: string) =>
  (await admin().list<UserJson>('/admin/users')).find((u) => u.email === email)!;

async function open(page: Page, path: string, title: string): Promise<void> {
  await page.goto(configuration + path);
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
  await page.waitForLoadState('networkidle');
}

test('where there are no groups yet, each screen says what to do first, and the button does it', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await open(page, '/visibility', 'Visibility');
  await page.getByText('The defaults hold; nobody has changed anything yet.').waitFor();
  await page.getByText('A rule is about a group. Make a group first.').waitFor();
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByText('Nobody has changed the configuration yet.').waitFor();
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByRole('link', { name: 'To the groups' }).click();
  await page.getByText('There are no groups yet.').waitFor();
  await page.getByRole('button', { name: 'New group' }).click();
  await page.getByRole('dialog', { name: 'New group' }).waitFor();
  expect(faults).toEqual([]);
});

test('limits take only numbers that make sense, and become a version of the configuration', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await open(page, '/limits', 'Limits');
  const links = page.getByLabel('Links live for (hours)');
  const review = page.getByRole('button', { name: 'Review changes' });
  for (const bad of ['0', '-3', 'x', '1.5', '', '999999']) {
    await links.fill(bad);
    await page.getByText(/A whole number from 1 to 87,600 is needed/).waitFor();
    expect(await review.isDisabled()).toBe(true);
  }
  await links.fill('24');
  await page.getByLabel('Size (MB)').fill('250');
  await page.getByLabel('Size (GB)').fill('2.5');
  await expectAccessible(page);
  await review.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Links live for (hours): 168 → 24').waitFor();
  await dialog.getByText('Default quota: Size (GB): No limit → 2.5 GB').waitFor();
  await dialog.getByRole('button', { name: 'Put in force' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect((await inForce()).configuration).toMatchObject({
    linkTtlHours: 24,
    background: { maxBytes: 250_000_000 },
    quota: { bytes: 2_500_000_000 },
  });
  expect(faults).toEqual([]);
});

test('an auditor reads all of it and finds nothing that changes anything', async () => {
  const group = await makeGroup('Agencies 4');
  const { id } = await findUser('requester@example.com');
  const { page, faults } = await dashboard.openPage({ as: auditor });
  const writes: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' && !/\/(simulate|explain)$/.test(request.url())) writes.push(request.url());
  });
  for (const [path, title] of [
    ['/visibility', 'Visibility'],
    ['/groups', 'Groups'],
    [`/groups/${group.id}`, 'Agencies 4'],
    ['/users', 'Users'],
    [`/users/${id}`, 'requester'],
    ['/limits', 'Limits'],
  ] as const) {
    await open(page, path, title);
    const main = page.getByRole('main');
    expect(
      await main.getByRole('button', { name: /^(Save|Add|New|Delete|Disable|Enable|Remove|Review|Bring)/ }).count(),
    ).toBe(0);
    expect(await main.locator('input:enabled:not([type=search])').count()).toBe(0);
    expect(await main.getByRole('switch', { disabled: false }).count()).toBe(0);
    await expectAccessible(page);
  }
  await open(page, '/visibility', 'Visibility');
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByText('In force').nth(1).waitFor();
  expect(await page.getByRole('button', { name: /^Bring back/ }).count()).toBe(0);
  expect(writes).toEqual([]);
  expect(faults).toEqual([]);
});
