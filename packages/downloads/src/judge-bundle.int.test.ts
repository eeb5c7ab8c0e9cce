import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import { insertDownload } from '@sheaf/db/downloads/insert-download';
import { loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import { newDownload } from '@sheaf/db/testing/new-download';
import { recordStatements } from '@sheaf/db/testing/record-statements';
import { setupRequester } from '@sheaf/db/testing/requester-setup';
import { decideDownload } from '@sheaf/domain/decide-download';
import { aRequest } from '@sheaf/domain/testing/decision-facts';
import { expect, test } from 'vitest';
import { type BundleVerdict, judgeBundle } from './judge-bundle.ts';

const now = new Date('2026-03-04T05:06:07Z');

/** A requester, a licence, and bundles of assets under it. */
async function setup() {
  const { url, db, addAsset, addLicence, copyAsset, actor: owner } = await setupRequester();
  const licence = await addLicence('Press');

  async function bundle(count: number): Promise<string> {
    const { assetId } = await addAsset(`${count}.jpg`, { licenceId: licence.licenceId });
    const copies = count > 1 ? await copyAsset(assetId, count - 1) : [];
    const request = aRequest({ assetIds: [assetId, ...copies], acceptLicences: [licence], unavailable: 'fail' });
    const decision = decideDownload(await loadDecisionFacts(db.orm, { request, actor: owner, now }));
    expect(decision).toMatchObject({ verdict: 'allowed', counts: { included: count } });
    return db.transaction((tx) => insertDownload(tx, newDownload({ requesterId: owner.id, request, decision, now })));
  }

  /** What is refused of the bundle, and the number of statements that it took to say so. */
  async function judge(downloadId: string) {
    let verdict: BundleVerdict | undefined;
    const { statements } = await recordStatements(url, async (executor) => {
      verdict = await judgeBundle(executor, { downloadId, owner, now });
    });
    return { assets: (verdict as BundleVerdict | undefined)?.refused?.assets ?? 0, statements: statements.length };
  }
  const withdrawLicence = () => db.transaction((tx) => updateLicence(tx, licence.licenceId, { approved: false }, now));
  return { bundle, judge, withdrawLicence };
}

test('rights to a bundle of 1,000 assets take as many statements as those to a bundle of one', async () => {
  const { bundle, judge, withdrawLicence } = await setup();
  const [one, thousand] = [await bundle(1), await bundle(1_000)];

  // Items with their assets, configuration, licences, acceptances, faults.
  expect(await judge(one)).toEqual({ assets: 0, statements: 5 });
  expect(await judge(thousand)).toEqual({ assets: 0, statements: 5 });

  await withdrawLicence();

  // And, instead of the faults, the titles of what is refused.
  expect(await judge(one)).toEqual({ assets: 1, statements: 5 });
  expect(await judge(thousand)).toEqual({ assets: 1_000, statements: 5 });
});
