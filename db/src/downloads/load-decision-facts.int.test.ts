import { aRequest, type RequestChanges } from '@sheaf/domain/testing/decision-facts';
import { expect, test } from 'vitest';
import { loadAssets } from '../catalogue/load-assets.ts';
import { recordStatements } from '../testing/record-statements.ts';
import { setupRequester } from '../testing/requester-setup.ts';
import { loadDecisionFacts } from './load-decision-facts.ts';

const now = new Date('2026-03-04T05:06:07Z');

/** A requester, three licences, and the statements that facts about a request are loaded by. */
async function setup() {
  const { url, db, addAsset, addLicence, copyAsset, ...requester } = await setupRequester();
  const actor = { ...requester.actor, dynamicRenditions: true };
  const added: string[] = [];
  for (const title of ['Press', 'Web', 'Print']) {
    const { licenceId } = await addLicence(title);
    added.push((await addAsset(`${title}.jpg`, { licenceId })).assetId);
  }
  /** So many assets under each of the licences. */
  const addAssets = async (count: number) =>
    (await Promise.all(added.map((assetId) => copyAsset(assetId, count)))).flat();

  async function load(changes: RequestChanges) {
    const request = aRequest({ renditions: 'originals-and-static', ...changes });
    let loaded = 0;
    const recorded = await recordStatements(url, async (executor) => {
      loaded = (await loadDecisionFacts(executor, { request, actor, now })).assets.size;
    });
    return { ...recorded, loaded };
  }
  return { db, assetId: added[0]!, addAssets, load };
}

test('facts about 1,000 assets take as many statements as those about one, one for each table', async () => {
  const { assetId, addAssets, load } = await setup();

  const one = await load({ assetIds: [assetId] });
  const thousand = await load({ assetIds: (await addAssets(334)).slice(0, 1_000) });

  expect([one.loaded, thousand.loaded]).toEqual([1, 1_000]);
  expect(thousand.statements).toHaveLength(one.statements.length);
  const oneEach = {
    assets: 1,
    renditions: 1,
    licences: 1,
    acceptances: 1,
    visibility_versions: 1,
    retention_versions: 1,
  };
  expect(one.selectsFrom).toEqual(oneEach);
  expect(one.statements).toHaveLength(Object.keys(oneEach).length);
  expect(thousand.selectsFrom).toEqual(oneEach);
});

test('facts about a single asset, with what is made of it on demand, take one statement for each table too', async () => {
  const { db, assetId, load } = await setup();
  const { renditions } = (await loadAssets(db.orm, [assetId])).get(assetId)!;

  const { statements, selectsFrom } = await load({ assetIds: [assetId], renditionIds: renditions.map(({ id }) => id) });

  expect(selectsFrom).toMatchObject({ assets: 1, renditions: 1, presets: 1, derivatives: 1 });
  expect(Object.keys(selectsFrom)).toHaveLength(statements.length);
});
