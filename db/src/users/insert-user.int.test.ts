import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../test/harness/postgres.ts';
import { createDatabase } from '../database.ts';
import { findUserByEmail } from './find-user.ts';
import { insertUser, type NewUser } from './insert-user.ts';
import { listUsers } from './list-users.ts';

const person: NewUser = {
  email: ' Person@Example.COM ',
  name: 'Person',
  role: 'contributor',
  passwordHash: 'salt:hash',
};

async function setup() {
  const database = await createTestDatabase();
  const db = createDatabase(database.url, { maxConnections: 2 });
  onTestFinished(async () => {
    await db.close();
    await database.drop();
  });
  return db;
}

test('an email address is kept in lower case and found in any case', async () => {
  const db = await setup();
  const user = await insertUser(db.orm, person);
  expect(user).toMatchObject({ email: 'person@example.com', role: 'contributor', disabledAt: null });
  expect(await findUserByEmail(db.orm, 'PERSON@example.com')).toEqual(user);
});

test('a password is kept as a hash, in an account of its own', async () => {
  const db = await setup();
  const { id } = await insertUser(db.orm, person);
  expect(await db.orm.query.accounts.findMany()).toMatchObject([
    { accountId: id, userId: id, providerId: 'credential', password: 'salt:hash' },
  ]);
});

test('an address that is taken is a conflict and changes nothing', async () => {
  const db = await setup();
  await insertUser(db.orm, person);
  const again = insertUser(db.orm, { ...person, email: 'person@example.com', role: 'administrator' });
  await expect(again).rejects.toMatchObject({ code: 'resource.conflict' });
  expect(await listUsers(db.orm)).toMatchObject([{ role: 'contributor' }]);
});
