import { createHash, randomBytes } from 'node:crypto';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import { listSigningKeys } from '@sheaf/db/evidence/list-signing-keys';
import type { ArchiveFormat } from '@sheaf/domain/download-request';
import { keySetOf } from '@sheaf/evidence/key-set';
import { parseReceipt, type Receipt } from '@sheaf/evidence/receipt';
import { type Verification, verifyArchive } from '@sheaf/evidence/verify-archive';
import { describe, expect, test } from 'vitest';
import { setupWorker, type TestWorker } from '../../../test/harness/worker.ts';
import { currentSigningKey } from './signing-key.ts';

async function setup() {
  const worker = await setupWorker({ settings: { DELIVERY: 'packed' } });
  const terms = randomBytes(300);
  const { licenceId, sha256 } = await worker.addLicence('Press: use / 2026', terms);
  return { worker, terms, licenceId, sha256, acceptLicences: [{ licenceId, sha256 }] };
}

/** What `sheaf verify` says of each stored archive, in the order of the parts. */
async function verifyStored(worker: TestWorker): Promise<Verification[]> {
  const keys = await listSigningKeys(worker.db.orm);
  const files = (await worker.storedFiles('objects')).sort();
  return Promise.all(files.map((file) => verifyArchive(file, keySetOf(keys.map(({ publicKey }) => publicKey)))));
}

async function receiptOf(worker: TestWorker, downloadId: string): Promise<Receipt> {
  const files = await worker.unpack(downloadId);
  return parseReceipt(files.get('receipt.json')!)!;
}

describe('what a bundle holds beside its content', () => {
  test('tells who was handed what, when, from where and under which terms, and is signed', async () => {
    const { worker, licenceId, sha256, acceptLicences } = await setup();
    const licensed = await worker.addAsset({ licenceId, title: 'Boat' });
    const free = await worker.addAsset({ title: 'House' });
    const refused = await worker.addAsset({ title: 'Old', expiresAt: new Date('2020-01-01') });
    const assetIds = [licensed.assetId, refused.assetId, free.assetId];
    const downloadId = await worker.request({ assetIds, acceptLicences });
    await worker.db.orm.execute(
      `update downloads set request_id = 'r-1', ip_address = '192.0.2.1', user_agent = 'browser'`,
    );
    await appendAuditEvent(worker.db.orm, { at: new Date(), action: 'download.requested', downloadId });
    const [event] = await worker.db.orm.execute(
      `select seq, hash from audit_events where action = 'download.requested' order by seq limit 1`,
    );
    await worker.db.orm.execute(`update acceptances set ip_address = '192.0.2.1', user_agent = 'browser'`);

    await worker.runJobs('gather', 'pack');

    const { createdAt, startedAt } = await worker.download(downloadId);
    const manifest = (await worker.unpack(downloadId)).get('manifest.json')!;
    const from = { ipAddress: '192.0.2.1', userAgent: 'browser' };
    expect(await receiptOf(worker, downloadId)).toEqual({
      version: 1,
      issuer: 'https://sheaf.example',
      downloadId,
      requestId: 'r-1',
      part: { number: 1, of: 1 },
      archive: { format: 'zip', compression: 'store', layout: 2 },
      requestedAt: createdAt.toISOString(),
      requestedBy: { id: worker.requester.id, name: 'requester', email: 'requester@example.com' },
      from,
      preparedAt: startedAt!.toISOString(),
      audit: { seq: Number(event!.seq), hash: Buffer.from(event!.hash as Uint8Array).toString('hex') },
      manifest: {
        path: 'manifest.json',
        sha256: createHash('sha256').update(manifest).digest('hex'),
        size: manifest.length,
      },
      licences: [
        {
          licenceId,
          title: 'Press: use / 2026',
          version: 1,
          sha256,
          file: 'licences/Press_ use _ 2026.pdf',
          acceptedAt: createdAt.toISOString(),
          acceptedFrom: from,
        },
      ],
      assets: [
        { assetId: licensed.assetId, title: 'Boat', licenceId },
        { assetId: free.assetId, title: 'House', licenceId: null },
      ],
    });
    expect(await verifyStored(worker)).toMatchObject([{ genuine: true, faults: [], layout: 'whole' }]);
  });

  test.each<ArchiveFormat>(['zip', 'tar', 'tar.gz'])('verifies in each of several parts of a %s', async (format) => {
    const { worker, licenceId, acceptLicences } = await setup();
    const assetIds: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      assetIds.push((await worker.addAsset({ bytes: randomBytes(40_000), licenceId })).assetId);
    }
    await worker.request({ assetIds, acceptLicences, format, partSize: 70_000 });

    await worker.runJobs('gather', 'pack');

    const verified = await verifyStored(worker);
    expect(verified.map(({ genuine, receipt }) => [genuine, receipt?.part, receipt?.assets.length])).toEqual([
      [true, { number: 1, of: 3 }, 1],
      [true, { number: 2, of: 3 }, 1],
      [true, { number: 3, of: 3 }, 1],
    ]);
  });

  test('verifies in a deflated ZIP', async () => {
    const { worker } = await setup();
    const { assetId } = await worker.addAsset({ fileName: 'notes.txt', bytes: Buffer.from('notes '.repeat(1_000)) });
    await worker.request({ assetIds: [assetId], compression: 'deflate' });
    await worker.runJobs('gather', 'pack');
    expect(await verifyStored(worker)).toMatchObject([{ genuine: true, faults: [], layout: 'headers' }]);
  });

  test('verifies when files are large, empty, of several pages of rows, or named in other scripts', async () => {
    const { worker } = await setup();
    const assets = [
      await worker.addAsset({ bytes: randomBytes(3_000_000) }),
      await worker.addAsset({ bytes: Buffer.alloc(0), fileName: '空.txt', title: '空' }),
    ];
    for (let i = 0; i < 520; i += 1) assets.push(await worker.addAsset({ bytes: randomBytes(10) }));
    const assetIds = assets.map(({ assetId }) => assetId);
    await worker.request({ assetIds, layout: 'folder-per-asset' });
    await worker.runJobs('gather', 'pack');
    const [verified] = await verifyStored(worker);
    expect(verified).toMatchObject({ genuine: true, faults: [], files: 525 });
    expect(verified!.receipt!.assets.map(({ assetId }) => assetId)).toEqual(assetIds);
  });

  test('has the same bytes each time that the same download is packed', async () => {
    const { worker, licenceId, acceptLicences } = await setup();
    const { assetId } = await worker.addAsset({ licenceId });
    const downloadId = await worker.request({ assetIds: [assetId], acceptLicences });
    await worker.runJobs('gather', 'pack');
    const [before] = (await worker.download(downloadId)).parts;
    await worker.db.orm.execute(`update downloads set state = 'packing'`);
    await worker.runJob({ job: 'pack', payload: { downloadId, epoch: 0 } });
    expect((await worker.download(downloadId)).parts).toEqual([before]);
  });

  test('tells when terms were accepted that an earlier request had accepted', async () => {
    const { worker, licenceId, acceptLicences } = await setup();
    const { assetId } = await worker.addAsset({ licenceId });
    const first = await worker.request({ assetIds: [assetId], acceptLicences });
    worker.advanceClock(60_000);
    const second = await worker.request({ assetIds: [assetId] });
    await worker.runJobs('gather', 'pack');
    const acceptedAt = (await worker.download(first)).createdAt.toISOString();
    expect((await receiptOf(worker, second)).licences).toMatchObject([{ acceptedAt }]);
  });
});

describe('the signing key', () => {
  test('is one, however many workers want the first at once', async () => {
    const { worker } = await setup();
    const keys = await Promise.all(Array.from({ length: 8 }, () => currentSigningKey(worker.deps)));
    expect(new Set(keys.map(({ kid, privateKey }) => `${kid} ${privateKey}`)).size).toBe(1);
    expect(await listSigningKeys(worker.db.orm)).toMatchObject([{ kid: keys[0]!.kid, retiredAt: null }]);
  });

  test('is not in the database in clear', async () => {
    const { worker } = await setup();
    const { privateKey } = await currentSigningKey(worker.deps);
    const [row] = await worker.db.orm.execute('select sealed_private_key from signing_keys');
    const raw = Buffer.from(privateKey, 'base64').subarray(-32);
    const sealed = Buffer.from(row!.sealed_private_key as Uint8Array);
    expect(sealed.includes(privateKey)).toBe(false);
    expect(sealed.includes(raw)).toBe(false);
  });
});
