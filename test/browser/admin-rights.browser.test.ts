import type { DownloadJson } from '@sheaf/contract/download';
import type { GroupJson } from '@sheaf/contract/group';
import type { UserJson } from '@sheaf/contract/user';
import type { VisibilityJson } from '@sheaf/contract/visibility';
import { createUser } from '@sheaf/standalone/create-user';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectNoSidewaysScroll, useDashboard } from '../harness/browser.ts';
import { expectAccessible } from '../harness/expect-accessible.ts';
import { phone } from '../harness/page.ts';
import { addSampleAssets } from '../harness/sample-assets.ts';
import { untilStill } from '../harness/until-still.ts';

const german = { email: 'leitung@example.com', password: 'ein Passwort der Leitung' };
let assetIds: string[];
const dashboard = useDashboard(async (system) => {
  assetIds = await addSampleAssets(system, 2);
  await createUser(system.db, { ...german, name: 'Leitung', role: 'administrator' });
});

const configuration = '/admin/configuration';
const admin = () => dashboard.system.administrator.api;
const inForce = () => admin().get<VisibilityJson>('/admin/visibility');
const makeGroup = async (name: string) => (await admin().post<GroupJson>('/admin/groups', { name })).body;
const findUser = async (email: string) =>
  (await admin().list<UserJson>('/admin/users')).find((u) => u.email === email)!;

const tryPassword = (password: string) =>
  fetch(`${dashboard.system.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.com', password }),
  });

/** Takes the password that is shown this once. */
async function keepPassword(page: Page): Promise<string> {
  const shown = page.getByRole('dialog', { name: 'The password of Ada' });
  const password = await shown.getByLabel('Password', { exact: true }).inputValue();
  await expectAccessible(page);
  await shown.getByRole('button', { name: 'I have kept it' }).click();
  await shown.waitFor({ state: 'detached' });
  return password;
}

async function open(page: Page, path: string, title: string): Promise<void> {
  await page.goto(configuration + path);
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
  await untilStill(page);
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

test('a group is made, limited, filled and emptied, and deleted once asked twice', async () => {
  const name = 'Press <b>مرحبا</b>';
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await open(page, '/groups', 'Groups');
  await page.getByRole('button', { name: 'New group' }).click();
  const dialog = page.getByRole('dialog', { name: 'New group' });
  await dialog.getByRole('button', { name: 'Make group' }).click();
  await dialog.getByText('This is needed.').waitFor();
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Members may have dynamic').check();
  await dialog.getByLabel('Members share a quota').check();
  await dialog.getByLabel('Size (GB)').fill('-1');
  await dialog.getByText('A number of at least 0 is needed.').waitFor();
  await dialog.getByLabel('Size (GB)').fill('1,5');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Make group' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  const [group] = await admin().list<GroupJson>('/admin/groups');
  expect(group).toMatchObject({
    name,
    dynamicRenditions: true,
    quota: { bytes: 1_500_000_000, periodHours: 24, concurrentDownloads: null },
  });

  await page.getByLabel('Add a member').fill('requester@');
  const adding = page.getByRole('button', { name: 'Add: requester' });
  await adding.click();
  const members = page.getByRole('list', { name: 'Members', exact: true });
  await members.getByRole('link', { name: 'requester' }).waitFor();
  await page.getByText('1 member', { exact: true }).waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Remove requester' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Nobody is in this group yet.').waitFor();

  await page.getByLabel('Name', { exact: true }).fill('Press');
  await page.getByLabel('Members share a quota').uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'Press', exact: true }).waitFor();
  expect(await admin().get<GroupJson>(`/admin/groups/${group!.id}`)).toMatchObject({ name: 'Press', quota: null });
  await page.getByRole('button', { name: 'Delete group' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect(await admin().list<GroupJson>('/admin/groups')).toHaveLength(1);
  await page.getByRole('button', { name: 'Delete group' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete group' }).click();
  await page.getByText('There are no groups yet.').waitFor();
  expect(await admin().list<GroupJson>('/admin/groups')).toEqual([]);
  expect(faults).toEqual([]);
});

test('a change shows what it would have done to the last downloads before it is in force, and can be brought back', async () => {
  const group = await makeGroup('Agencies');
  await dashboard.system.requester.api.post<DownloadJson>('/downloads', {
    name: 'Tried on',
    assetIds,
    renditions: 'originals',
  });
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await open(page, '/visibility', 'Visibility');
  await page.getByRole('switch', { name: 'Originals can be downloaded' }).click();
  await page.getByRole('button', { name: 'Add rule' }).click();
  const rule = page.getByRole('group', { name: 'Rule 1' });
  await rule.getByLabel('Effect').selectOption('Allow');
  await rule.getByLabel('Group').selectOption('Agencies');
  await rule.getByLabel('Original').check();
  await rule.getByLabel('Name of the rendition').fill('web*');
  await page.getByText('2 changes not in force').waitFor();
  await expectAccessible(page);
  expect((await inForce()).version).toBe(0);

  await page.getByRole('button', { name: 'Review changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Apply these changes?' });
  await dialog.getByText('1 of the last 1 download would have differed.').waitFor();
  await dialog.getByText('2 files lost').waitFor();
  await dialog.getByText('added: Allow Agencies: Original, web*').waitFor();
  await dialog.locator('summary').filter({ hasText: 'Tried on' }).click();
  await dialog.getByText('Originals are switched off').first().waitFor();
  await expectAccessible(page);
  expect((await inForce()).version).toBe(0);
  await dialog.getByLabel('Reason').fill('Originals leaked');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await inForce()).toMatchObject({
    version: 1,
    configuration: {
      originalsDownloadable: false,
      groupRules: [{ groupId: group.id, effect: 'allow', kinds: ['original'], name: 'web*' }],
    },
  });

  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByText('Originals can be downloaded: on → off').waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Bring back Default' }).click();
  const rollback = page.getByRole('dialog', { name: 'Bring back Default?' });
  await rollback.getByText('2 files gained').waitFor();
  await rollback.getByRole('button', { name: 'Bring back' }).click();
  await rollback.getByText('This is needed.').waitFor();
  await expectAccessible(page);
  await rollback.getByLabel('Reason').fill('Too much');
  await rollback.getByRole('button', { name: 'Bring back' }).click();
  await page.getByText('The default, brought back').first().waitFor();
  expect(await inForce()).toMatchObject({ version: 2, rolledBackTo: 0, configuration: { groupRules: [] } });
  const audit = await admin().list<{ action: string; detail: { reason?: string } }>('/admin/audit');
  const reasons = audit.filter(({ action }) => action === 'visibility.changed').map(({ detail }) => detail.reason);
  expect(reasons.sort()).toEqual(['Originals leaked', 'Too much']);
  expect(faults).toEqual([]);
});

test('what somebody else puts in force meanwhile is not overwritten, and a contradiction changes nothing', async () => {
  await makeGroup('Agencies 2');
  const { page, faults } = await dashboard.openPage({ as: 'administrator', expected: [/status of (400|409)/] });
  await open(page, '/visibility', 'Visibility');
  for (const [n, effect] of [
    [1, 'Allow'],
    [2, 'Deny'],
  ] as const) {
    await page.getByRole('button', { name: 'Add rule' }).click();
    const rule = page.getByRole('group', { name: `Rule ${n}` });
    await rule.getByLabel('Effect').selectOption(effect);
    await rule.getByLabel('Group').selectOption('Agencies 2');
  }
  await page.getByRole('button', { name: 'Review changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Apply these changes?' });
  await dialog
    .getByText(/must not contradict rule 0/)
    .first()
    .waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Remove rule 2' }).click();

  const { version } = await inForce();
  await admin().post('/admin/visibility/rollback', { version: 0 });
  await page.getByRole('button', { name: 'Review changes' }).click();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.getByText('Somebody changed it in the meantime.').waitFor();
  expect(await inForce()).toMatchObject({ version: version + 1, configuration: { groupRules: [] } });
  expect(faults).toEqual([]);
});

test('it is explained what one person may have of one asset, and what was in force on a date', async () => {
  const { page, faults } = await dashboard.openPage({ as: 'administrator' });
  await open(page, '/visibility', 'Visibility');
  await page.getByRole('switch', { name: 'Originals can be downloaded' }).click();
  await page.getByRole('tab', { name: 'Explain' }).click();
  await page.getByLabel('Person').fill('requester');
  await page.getByRole('button', { name: 'Choose: requester' }).click();
  await page.getByLabel('Asset', { exact: true }).fill('picture 1');
  await page.getByRole('button', { name: 'Choose: picture 1' }).click();
  const answers = page.getByRole('table', { name: 'Files' });
  await answers.getByText('May have it').first().waitFor();
  await expectAccessible(page);
  await page.getByLabel('As if my changes were in force').check();
  await answers.getByText('Originals can be downloaded: off').waitFor();

  await page.getByRole('tab', { name: 'As of a date' }).click();
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText('Choose a date and a time.').waitFor();
  await page.getByLabel('Date and time').fill('2020-01-01T10:00');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('status').getByText('Default').waitFor();
  await expectAccessible(page);
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
  await page.getByLabel('Running downloads for each requester').fill('3');
  await page.getByLabel('Size (MB)').fill('250');
  await page.getByLabel('Size (GB)').fill('2.5');
  await expectAccessible(page);
  await review.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Links live for (hours): 168 → 24').waitFor();
  await dialog.getByText('Running downloads for each requester: No limit → 3').waitFor();
  await dialog.getByText('Default quota: Size (GB): No limit → 2.5 GB').waitFor();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect((await inForce()).configuration).toMatchObject({
    linkTtlHours: 24,
    runningPerRequester: 3,
    background: { maxBytes: 250_000_000 },
    quota: { bytes: 2_500_000_000 },
  });
  expect(faults).toEqual([]);
});

test('a user is added with a generated password, found, given a role, a quota, a group and another password, disabled and enabled', async () => {
  await makeGroup('Agencies 3');
  const { page, faults } = await dashboard.openPage({ as: 'administrator', expected: [/status of 409/] });
  await open(page, '/users', 'Users');
  await page.getByRole('button', { name: 'Add user' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add user' });
  await dialog.getByLabel('Name').fill('Ada');
  await dialog.getByLabel('Email').fill('nobody');
  await dialog.getByLabel(/^Password/).fill('short');
  await dialog.getByRole('button', { name: 'Add user' }).click();
  await dialog.getByText('This is no email address.').waitFor();
  await dialog.getByText('At least 10 characters are needed.').waitFor();
  await expectAccessible(page);
  await dialog.getByLabel(/^Password/).fill('');
  await dialog.getByLabel('Email').fill('requester@example.com');
  await dialog.getByRole('button', { name: 'Add user' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Email').fill('ada@example.com');
  await dialog.getByText('Empty: one is generated').waitFor();
  await dialog.getByRole('button', { name: 'Add user' }).click();
  const first = await keepPassword(page);
  expect((await tryPassword(first)).status).toBe(200);
  await page.getByRole('heading', { level: 1, name: 'Ada' }).waitFor();

  await page.getByLabel('Role').selectOption('Auditor');
  await page.getByLabel('May have dynamic and smart-crop renditions').check();
  await page.getByLabel('Has a quota of their own').check();
  await page.getByLabel('Assets in one download').fill('7');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Requester becomes Auditor, at once.').waitFor();
  await page.getByRole('button', { name: 'Change role' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByLabel('Add to group').selectOption('Agencies 3');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('link', { name: 'Agencies 3' }).waitFor();
  await expectAccessible(page);
  expect(await findUser('ada@example.com')).toMatchObject({
    role: 'auditor',
    dynamicRenditions: true,
    quota: { assetsPerDownload: 7 },
    groups: [{ name: 'Agencies 3' }],
  });

  await page.getByRole('button', { name: 'New password' }).click();
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'New password' }).click();
  const second = await keepPassword(page);
  expect(await page.content()).not.toContain(second);
  expect([(await tryPassword(first)).status, (await tryPassword(second)).status]).toEqual([401, 200]);

  await page.getByRole('button', { name: 'Disable user' }).click();
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Disable user' }).click();
  await page.getByRole('button', { name: 'Enable user' }).waitFor();
  expect((await findUser('ada@example.com')).disabled).toBe(true);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Enable user' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Enable user' }).click();
  await page.getByRole('button', { name: 'Disable user' }).waitFor();

  await page.getByRole('link', { name: 'All users' }).click();
  await page.getByLabel('Search by name or email address').fill('ada@');
  await page.getByRole('cell', { name: /^requester/ }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Ada' }).waitFor();
  await page.getByLabel('Role').selectOption('Contributor');
  await page.getByText('Nobody is found.').waitFor();
  expect(faults).toEqual([]);
});

test('an auditor reads all of it and finds nothing that changes anything', async () => {
  const group = await makeGroup('Agencies 4');
  const { id } = await findUser('requester@example.com');
  const { page, faults } = await dashboard.openPage({ as: 'auditor' });
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

test('every screen fits on a phone, also with a rule and in German', async () => {
  const { page, faults } = await dashboard.openPage({ as: german, viewport: phone });
  const group = await makeGroup(`Agentur ${'sehr'.repeat(40)}`);
  await open(page, '/visibility', 'Visibility');
  await page.getByRole('button', { name: 'Add rule' }).click();
  await expectNoSidewaysScroll(page);
  // Where a page is scrolled, whatever is half below the bar at the top would count as too small.
  await page.evaluate('window.scrollTo(0, 0)');
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Account/ }).click();
  await Promise.all([
    page.waitForResponse((answer) => answer.url().endsWith('/me/preferences') && answer.ok()),
    page.getByRole('menuitemradio', { name: 'Deutsch' }).click(),
  ]);
  for (const [path, title] of [
    ['/groups', 'Gruppen'],
    [`/groups/${group.id}`, group.name],
    ['/users', 'Benutzer'],
    ['/limits', 'Grenzen'],
    ['/visibility', 'Sichtbarkeit'],
  ] as const) {
    await open(page, path, title);
    await expectNoSidewaysScroll(page);
  }
  for (const tab of ['Verlauf', 'Erklären', 'Zu einem Zeitpunkt']) {
    await page.getByRole('tab', { name: tab }).click();
    await untilStill(page);
    await expectNoSidewaysScroll(page);
  }
  expect(faults).toEqual([]);
});
