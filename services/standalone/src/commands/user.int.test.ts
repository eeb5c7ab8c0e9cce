import { readAuditRows } from '@sheaf/db/audit/read-audit-rows';
import { sessions } from '@sheaf/db/schema/auth';
import { findUserByEmail } from '@sheaf/db/users/find-user';
import { verifyPassword } from 'better-auth/crypto';
import { expect, test } from 'vitest';
import { setupInstallation } from '../../../../test/harness/installation.ts';

async function setup() {
  const { db, sheaf } = await setupInstallation();
  return {
    db,
    sheaf,
    async audit() {
      const records: string[] = [];
      for await (const page of readAuditRows(db.orm, 1)) records.push(...page.map(({ record }) => record));
      return records.map((record) => JSON.parse(record));
    },
  };
}

test('a user is added with a generated password, listed and disabled, and the audit log has it', async () => {
  const { db, sheaf, audit } = await setup();
  const added = await sheaf(['user', 'add', 'ada@example.com', '--name', 'Ada', '--role', 'contributor']);
  expect(added.stdout).toMatch(
    /^Added ada@example\.com as contributor\.\nPassword, shown this once: (\w{5}-){3}\w{5}\n$/,
  );
  expect((await sheaf(['user', 'list'])).stdout).toBe('ada@example.com  contributor  enabled  Ada\n');
  expect((await sheaf(['user', 'disable', 'ada@example.com'])).code).toBe(0);
  expect((await sheaf(['user', 'disable', 'ada@example.com'])).stdout).toBe('ada@example.com was disabled already.\n');
  const ada = await findUserByEmail(db.orm, 'ada@example.com');
  expect(ada?.disabledAt).toBeInstanceOf(Date);
  const after = { email: 'ada@example.com', name: 'Ada', role: 'contributor', dynamicRenditions: false };
  expect(await audit()).toMatchObject([
    { actorId: null, action: 'user.created', detail: { userId: ada?.id, after } },
    {
      actorId: null,
      action: 'user.changed',
      detail: { userId: ada?.id, before: { disabled: false }, after: { disabled: true } },
    },
  ]);
});

test('a password is replaced by a generated one, which ends the sessions and is in no log', async () => {
  const { db, sheaf, audit } = await setup();
  await sheaf(['user', 'add', 'ada@example.com', '--password-stdin'], { input: 'correct horse' });
  const ada = await findUserByEmail(db.orm, 'ada@example.com');
  const session = { userId: ada!.id, token: 'a session', expiresAt: new Date(Date.now() + 60_000) };
  await db.orm.insert(sessions).values(session);
  const { code, stdout } = await sheaf(['user', 'password', 'Ada@example.com']);
  expect(code).toBe(0);
  const password = /^Password of ada@example\.com, shown this once: ((\w{5}-){3}\w{5})\n$/.exec(stdout)?.[1];
  const kept = await db.orm.query.accounts.findMany();
  const verified = (tried: string) => verifyPassword({ hash: kept[0]!.password!, password: tried });
  expect([kept.length, await verified(password!), await verified('correct horse')]).toEqual([1, true, false]);
  expect(await db.orm.query.sessions.findMany()).toEqual([]);
  const events = await audit();
  expect(events[1]).toMatchObject({ actorId: null, action: 'user.password_changed', detail: { userId: ada!.id } });
  expect(JSON.stringify(events)).not.toContain(password);
});

test('a password can come from standard input, and is not printed', async () => {
  const { db, sheaf } = await setup();
  const { code, stdout } = await sheaf(['user', 'add', 'ada@example.com', '--password-stdin'], {
    input: 'correct horse\n',
  });
  expect(code).toBe(0);
  expect(stdout).toBe('Added ada@example.com as requester.\n');
  expect(await findUserByEmail(db.orm, 'ada@example.com')).toMatchObject({ role: 'requester' });
});

test.each([
  [
    ['user', 'add', 'ada@example.com', '--role', 'king'],
    'sheaf: A role is one of requester, contributor, auditor, administrator.\n',
  ],
  [['user', 'add', 'ada'], 'sheaf: "ada" is no email address.\n'],
  [['user', 'add', 'ada@example.com', '--password-stdin'], 'sheaf: A password has from 10 to 200 characters.\n'],
  [['user', 'disable', 'nobody@example.com'], 'sheaf: There is no user nobody@example.com.\n'],
  [['user', 'password', 'nobody@example.com'], 'sheaf: There is no user nobody@example.com.\n'],
])('%j is refused with one clear line and exit code 1, and is in no log', async (args, line) => {
  const { sheaf, audit } = await setup();
  expect(await sheaf(args)).toEqual({ code: 1, stdout: '', stderr: line });
  expect(await audit()).toEqual([]);
});
