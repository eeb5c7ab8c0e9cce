import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Executor } from '../database.ts';
import { setupRequester } from '../testing/requester-setup.ts';
import { type DecisionMoment, readDecisionMoment, readMomentOf } from './decision-moment.ts';

/** A row of each table that decisions are made by, and whether a moment still stands. */
async function setup() {
  const { db, actor, addAsset, addLicence } = await setupRequester();
  const { licenceId, sha256 } = await addLicence('Terms');
  await addAsset('a.jpg', { licenceId });
  const run = (statement: string, executor: Executor = db.orm) => executor.execute(sql.raw(statement));
  await run(`insert into groups (id, name) values (gen_random_uuid(), 'Press')`);
  await run(
    `insert into presets (id, kind, name, title, definitions) values (gen_random_uuid(), 'dynamic', 'p', 'P', '[]')`,
  );
  await run(`insert into acceptances (id, user_id, licence_id, sha256)
    values (gen_random_uuid(), '${actor.id}', '${licenceId}', '${sha256}')`);
  const stands = async ({ decidedIn, decidedAt }: DecisionMoment) => {
    const [row] = await db.orm.execute<{ stands: boolean }>(
      sql`select nothing_decisive_since(${decidedIn}, ${decidedAt.toISOString()}::timestamptz) as stands`,
    );
    return row!.stands;
  };
  return { db, actor, addAsset, run, stands };
}

const decisive = {
  'an asset taken back': `update assets set status = 'draft'`,
  'an asset with another end': `update assets set expires_at = now()`,
  'a finished rendition replaced': `update renditions set width = 1 where kind = 'original'`,
  'a file found faulty': `update blobs set fault = 'missing'`,
  'a licence withdrawn': 'update licences set approved = false',
  'terms replaced': 'update licences set version = version + 1',
  'a preset changed': `update presets set title = 'Q'`,
  'a group changed': 'update groups set dynamic_renditions = true',
  'a member added': `insert into group_members (group_id, user_id, source) select g.id, u.id, 'manual' from groups g, users u`,
  'another configuration': `insert into visibility_versions (configuration) values ('{}')`,
  'another role': `update users set role = 'administrator'`,
  'an entitlement given': 'update users set dynamic_renditions = true',
  'an account disabled': 'update users set disabled_at = now()',
  'an acceptance removed': 'delete from acceptances',
  'a finished rendition removed': `delete from renditions where kind = 'original'`,
  'an asset removed': 'delete from assets',
  'a preset removed': 'delete from presets',
  'a group removed': 'delete from groups',
};

test('no decision stands after a change that may take something away, and a later one does', async () => {
  const { db, run, stands } = await setup();
  const standing = new Map<string, boolean[]>();

  for (const [what, statement] of Object.entries(decisive)) {
    const moment = await readDecisionMoment(db.orm);
    const before = await stands(moment);
    await run(statement);
    standing.set(what, [before, await stands(moment), await stands(await readDecisionMoment(db.orm))]);
  }

  expect(Object.fromEntries(standing)).toEqual(
    Object.fromEntries(Object.keys(decisive).map((what) => [what, [true, false, true]])),
  );
});

test('what takes nothing from anybody leaves decisions standing', async () => {
  const { db, addAsset, run, stands } = await setup();
  const moment = await readDecisionMoment(db.orm);

  await addAsset('b.jpg');
  await run(`update renditions set state = 'ready' where kind = 'static'`);
  await run('update assets set title = title');
  await run(`update users set name = 'B', updated_at = now()`);
  await run('update users set role = role');
  await run('update blobs set fault_checked_at = now()');

  expect(await stands(moment)).toBe(true);
});

test('a change that is begun before the moment and committed after it counts from then on', async () => {
  const { db, run, stands } = await setup();
  let commit = () => {};
  const committing = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let begun = () => {};
  const changed = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const change = db.transaction(async (tx) => {
    await run('update licences set approved = false', tx);
    begun();
    await committing;
  });
  await changed;
  const moment = await readDecisionMoment(db.orm);
  await run(`update presets set title = 'Q'`);
  const later = await readDecisionMoment(db.orm);
  expect(await stands(later)).toBe(true);

  commit();
  await change;

  expect(await stands(moment)).toBe(false);
  expect(await stands(later)).toBe(false);
});

test('a change that is undone leaves decisions standing', async () => {
  const { db, run, stands } = await setup();
  const moment = await readDecisionMoment(db.orm);

  const undone = db.transaction(async (tx) => {
    await run('update licences set approved = false', tx);
    throw new Error('undone');
  });

  await expect(undone).rejects.toThrow('undone');
  expect(await stands(moment)).toBe(true);
});

test('a moment of another start of the server, one too old to be known, or none at all, stands for nothing', async () => {
  const { db, run, stands } = await setup();
  const { decidedIn, decidedAt } = await readDecisionMoment(db.orm);
  const week = 7 * 24 * 3_600_000;

  expect(await stands({ decidedIn: decidedIn.replace(/^\d+/, '1'), decidedAt })).toBe(false);
  expect(await stands({ decidedIn, decidedAt: new Date(decidedAt.getTime() - week) })).toBe(false);
  const [row] = await run('select nothing_decisive_since(null, null) as stands');
  expect(row).toEqual({ stands: false });
});

test('there is a moment for somebody who was looked up with more than their rights, as by the API', async () => {
  const { db, actor } = await setup();

  expect(await readMomentOf(db.orm, Object.assign({ name: 'R', email: 'r@example.com' }, actor))).not.toBeNull();
});

test('there is no moment for somebody whose rights have changed since they were looked up', async () => {
  const { db, actor, run } = await setup();
  expect(await readMomentOf(db.orm, actor)).not.toBeNull();

  await run('update users set dynamic_renditions = true');

  expect(await readMomentOf(db.orm, actor)).toBeNull();
  expect(await readMomentOf(db.orm, { ...actor, dynamicRenditions: true })).not.toBeNull();
});
