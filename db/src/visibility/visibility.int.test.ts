import { defaultVisibility } from '@sheaf/domain/visibility-configuration';
import { expect, test } from 'vitest';
import { users } from '../schema/auth.ts';
import { visibilityVersions } from '../schema/catalogue.ts';
import { newId } from '../schema/columns.ts';
import { setupCatalogue } from '../testing/catalogue-setup.ts';
import { readVisibility } from './read-visibility.ts';
import { readVisibilityAt } from './read-visibility-at.ts';
import { writeVisibility } from './write-visibility.ts';

const changedAt = new Date('2026-06-01T00:00:00Z');

test('as long as nobody has changed it, the default is in force', async () => {
  const { db } = await setupCatalogue();
  const expected = {
    version: 0,
    configuration: defaultVisibility,
    rolledBackTo: null,
    changedBy: null,
    changedAt: null,
  };
  expect(await readVisibility(db.orm)).toEqual(expected);
});

test('the newest version is in force, with who changed it and when, and older ones are kept', async () => {
  const { db } = await setupCatalogue();
  const changedBy = newId();
  await db.orm.insert(users).values({ id: changedBy, email: 'admin@example.com', name: 'Administrator' });
  const first = { ...defaultVisibility, expiredVisible: true };
  const second = { ...first, expiredDownloadable: true, linkTtlHours: 1 };
  await writeVisibility(db.orm, { configuration: first, changedBy, changedAt });
  const written = await writeVisibility(db.orm, { configuration: second, changedBy, changedAt });
  expect(await readVisibility(db.orm)).toEqual({
    version: 2,
    configuration: second,
    rolledBackTo: null,
    changedBy,
    changedAt,
  });
  expect(written).toEqual(await readVisibility(db.orm));
  expect(await db.orm.select().from(visibilityVersions)).toHaveLength(2);
});

test('rule 8: expired assets cannot be downloadable without being visible', async () => {
  const { db } = await setupCatalogue();
  const configuration = { ...defaultVisibility, expiredVisible: false, expiredDownloadable: true };
  await expect(writeVisibility(db.orm, { configuration, changedBy: null, changedAt })).rejects.toThrow(
    expect.objectContaining({ code: 'input.invalid' }),
  );
  expect((await readVisibility(db.orm)).version).toBe(0);
});

test('a version from before a switch existed leaves that switch as by default', async () => {
  const { db } = await setupCatalogue();
  const old = { originalsDownloadable: false, background: { maxAssets: 3 } } as never;
  await db.orm.insert(visibilityVersions).values({ configuration: old, changedAt });
  expect((await readVisibility(db.orm)).configuration).toEqual({
    ...defaultVisibility,
    originalsDownloadable: false,
    background: { ...defaultVisibility.background, maxAssets: 3 },
  });
});

test('a version can be read as of any time, also where two were made at the same one', async () => {
  const { db } = await setupCatalogue();
  const at = (hour: number) => new Date(changedAt.getTime() + hour * 3_600_000);
  for (const hour of [1, 2, 2]) {
    await writeVisibility(db.orm, { configuration: defaultVisibility, changedBy: null, changedAt: at(hour) });
  }
  const versions = await Promise.all([0, 1, 1.5, 2, 999].map((hour) => readVisibilityAt(db.orm, at(hour))));
  expect(versions.map(({ version }) => version)).toEqual([0, 1, 1, 3, 3]);
});
