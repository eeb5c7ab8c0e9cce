import { claimDownload } from '@sheaf/db/downloads/claim-download';
import { expect } from 'vitest';
import type { TestWorker } from './worker.ts';

/** Takes the download for another worker, as if the lease of the one that has it had run out. */
export async function takeOver({ db }: TestWorker, downloadId: string) {
  await db.orm.execute(`update downloads set lease_until = now() - interval '1 second' where id = '${downloadId}'`);
  const claim = await claimDownload(db.orm, { downloadId, step: 'pack', workerId: 'another', leaseSeconds: 60 });
  expect(claim).not.toBeNull();
}
