import { expect, test } from 'vitest';
import { anAsset, factsFor } from './testing/decision-facts.ts';
import { unneededAcceptances } from './unneeded-acceptances.ts';

test('acceptances are needed only where a visible asset of the selection is under the licence', () => {
  const selection = [anAsset('a', { licenceId: 'l' }), anAsset('b', { licenceId: 'm', status: 'draft' }), anAsset('c')];
  const acceptLicences = ['l', 'm', 'unknown', 'l'].map((licenceId) => ({ licenceId, sha256: 'any' }));
  expect(unneededAcceptances(factsFor(selection, { request: { acceptLicences } }))).toEqual([1, 2]);
});
