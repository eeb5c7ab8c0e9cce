import { randomBytes } from 'node:crypto';
import { claimDownload } from '@sheaf/db/downloads/claim-download';
import { expect, test } from 'vitest';
import { setupWorker } from '../../../test/harness/worker.ts';
import type { Progress } from './hold-claim.ts';
import { planBundle } from './plan-bundle.ts';
import { writeParts } from './write-parts.ts';

test('the progress of packing never goes back, and ends with all entries and bytes of the content', async () => {
  const { deps, db, addAsset, request, runJobs } = await setupWorker({ settings: { DELIVERY: 'packed' } });
  const assetIds: string[] = [];
  for (let i = 0; i < 4; i += 1) assetIds.push((await addAsset({ bytes: randomBytes(500_000) })).assetId);
  const downloadId = await request({ assetIds, partSize: 1_100_000 });
  await runJobs('gather');
  const claim = await claimDownload(db.orm, { downloadId, step: 'pack', workerId: 'w', leaseSeconds: 60 });
  const shown: Progress[] = [];
  const held = { signal: new AbortController().signal, show: (p: Progress) => shown.push(p), release: async () => {} };

  const parts = await writeParts(deps, claim!, await planBundle(deps, downloadId), held);

  expect(parts.map(({ number, delivery }) => [number, delivery])).toEqual([
    [1, 'packed'],
    [2, 'packed'],
  ]);
  expect(shown.length).toBeGreaterThanOrEqual(2);
  for (const [index, { entriesDone, bytesDone }] of shown.entries()) {
    expect(entriesDone).toBeGreaterThanOrEqual(shown[index - 1]?.entriesDone ?? 0);
    expect(bytesDone).toBeGreaterThanOrEqual(shown[index - 1]?.bytesDone ?? 0);
  }
  expect(shown.at(-1)).toEqual({ entriesDone: 4, bytesDone: 2_000_000 });
});
