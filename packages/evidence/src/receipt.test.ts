import { expect, test } from 'vitest';
import { layoutOf, parseReceipt, type ReceiptAsset, type ReceiptHead, receiptBytes, receiptJson } from './receipt.ts';

/** As long as everything in a receipt can be. */
function setup(licences: number, assets: number) {
  const from = { ipAddress: 'f'.repeat(45), userAgent: 'ü"'.repeat(250) };
  const at = '2026-11-01T12:00:00.000Z';
  const id = '0198c5a8-1111-7000-8000-000000000001';
  const title = 'Größe “1” / '.repeat(16);
  const head: ReceiptHead = {
    issuer: `https://${'s'.repeat(253)}`,
    downloadId: id,
    requestId: id,
    part: { number: 9_999, of: 9_999 },
    archive: {
      format: 'tar.gz',
      compression: 'deflate',
      layout: layoutOf({ format: 'tar.gz', compression: 'deflate' }),
    },
    requestedAt: at,
    requestedBy: { id, name: 'ü'.repeat(200), email: `${'e'.repeat(242)}@example.com` },
    from,
    preparedAt: at,
    audit: { seq: Number.MAX_SAFE_INTEGER, hash: 'ab'.repeat(32) },
    manifest: { path: 'manifest.json', sha256: 'ab'.repeat(32), size: Number.MAX_SAFE_INTEGER },
    licences: Array.from({ length: licences }, () => ({
      licenceId: id,
      title,
      version: 9_999,
      sha256: 'ab'.repeat(32),
      file: `licences/${title}.pdf`,
      acceptedAt: at,
      acceptedFrom: from,
    })),
  };
  const list = Array.from({ length: assets }, (): ReceiptAsset => ({ assetId: id, title, licenceId: id }));
  return { head, list, json: () => receiptJson(head, list) };
}

test('comes back as it was written, byte for byte the same each time', async () => {
  const { head, list, json } = setup(2, 3);
  const bytes = await json();
  expect(parseReceipt(bytes)).toEqual({ version: 1, ...head, assets: list });
  expect(await json()).toEqual(bytes);
});

test.each([
  [0, 0],
  [0, 1],
  [40, 0],
  [40, 500],
])('never has more bytes than were reckoned for it: %i licences, %i assets', async (licences, assets) => {
  const { head, list, json } = setup(licences, assets);
  expect(receiptBytes(list, head.licences)).toBeGreaterThanOrEqual((await json()).length);
});

test.each(['', 'null', '[]', '{"version":1}', '{'])('%j is no receipt', (text) => {
  expect(parseReceipt(Buffer.from(text))).toBeNull();
});

test('only stored ZIPs are written in the layout of the engine', () => {
  const layouts = (['zip', 'tar', 'tar.gz'] as const).map((format) =>
    (['store', 'deflate'] as const).map((compression) => layoutOf({ format, compression })),
  );
  expect(layouts).toEqual([
    [2, 1],
    [1, 1],
    [1, 1],
  ]);
});
