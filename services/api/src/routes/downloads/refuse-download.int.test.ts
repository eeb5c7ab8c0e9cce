import { markBlobFault } from '@sheaf/db/catalogue/mark-blob-fault';
import { acceptances, downloadItems, downloads } from '@sheaf/db/schema/downloads';
import { idempotencyKeys } from '@sheaf/db/schema/idempotency-keys';
import { outbox } from '@sheaf/db/schema/jobs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads, type TestDownloads } from '../../../../../test/harness/downloads.ts';

const unknownId = '01900000-0000-7000-8000-000000000000';

/** Everything that a request may write. */
async function written({ db }: TestDownloads) {
  return {
    downloads: await db.orm.$count(downloads),
    items: await db.orm.$count(downloadItems),
    acceptances: await db.orm.$count(acceptances),
    outbox: await db.orm.$count(outbox),
    keys: await db.orm.$count(idempotencyKeys),
  };
}

interface Refusal {
  what: string;
  status: number;
  code: string;
  /** Of the first outcome. */
  reason?: string;
  request(api: TestDownloads): Promise<object>;
}

const refusals: Refusal[] = [
  {
    what: 'an empty selection',
    status: 422,
    code: 'download.empty',
    request: async () => ({ assetIds: [] }),
  },
  {
    what: 'an asset that does not exist',
    status: 422,
    code: 'download.assets_refused',
    reason: 'asset.not_found',
    request: async (api) => ({ assetIds: [unknownId, (await api.addAsset()).assetId] }),
  },
  {
    what: 'an asset named twice',
    status: 400,
    code: 'input.invalid',
    request: async (api) => {
      const { assetId } = await api.addAsset();
      return { assetIds: [assetId, assetId.toUpperCase()] };
    },
  },
  {
    what: 'a selection of which every asset is refused, although it says skip',
    status: 422,
    code: 'download.assets_refused',
    reason: 'asset.not_found',
    request: async (api) => ({
      assetIds: [(await api.addAsset({ status: 'draft' })).assetId, unknownId],
      unavailable: 'skip',
    }),
  },
  {
    what: 'a licence that is not accepted',
    status: 422,
    code: 'download.assets_refused',
    reason: 'licence.not_accepted',
    request: async (api) => {
      const { licenceId } = await api.addLicence();
      return { assetIds: [(await api.addAsset({ licenceId })).assetId] };
    },
  },
  {
    what: 'a licence accepted with the hash of other terms',
    status: 422,
    code: 'download.assets_refused',
    reason: 'licence.changed',
    request: async (api) => {
      const { licenceId } = await api.addLicence();
      return {
        assetIds: [(await api.addAsset({ licenceId })).assetId],
        acceptLicences: [{ licenceId, sha256: '0'.repeat(64) }],
      };
    },
  },
  {
    what: 'a licence that is not approved, though accepted',
    status: 422,
    code: 'download.assets_refused',
    reason: 'licence.not_approved',
    request: async (api) => {
      const licence = await api.addLicence({ approved: false });
      const { assetId } = await api.addAsset({ licenceId: licence.licenceId });
      return { assetIds: [assetId], acceptLicences: [licence] };
    },
  },
  {
    what: 'an acceptance of a licence that does not exist',
    status: 400,
    code: 'input.invalid',
    request: async (api) => ({
      assetIds: [(await api.addAsset()).assetId],
      acceptLicences: [{ licenceId: unknownId, sha256: '0'.repeat(64) }],
    }),
  },
  {
    what: 'an acceptance of a licence that no asset of the selection is under',
    status: 400,
    code: 'input.invalid',
    request: async (api) => {
      const [needed, other] = [await api.addLicence(), await api.addLicence()];
      const { assetId } = await api.addAsset({ licenceId: needed.licenceId });
      return { assetIds: [assetId], acceptLicences: [needed, other] };
    },
  },
  {
    what: 'an acceptance of a licence that only an asset which cannot be seen is under',
    status: 400,
    code: 'input.invalid',
    request: async (api) => {
      const licence = await api.addLicence();
      const hidden = await api.addAsset({ licenceId: licence.licenceId, status: 'draft' });
      return { assetIds: [hidden.assetId, (await api.addAsset()).assetId], acceptLicences: [licence] };
    },
  },
  {
    what: 'a licence that was taken out of the request, where nothing else remains',
    status: 422,
    code: 'download.assets_refused',
    reason: 'licence.removed',
    request: async (api) => {
      const { licenceId } = await api.addLicence();
      return { assetIds: [(await api.addAsset({ licenceId })).assetId], withoutLicences: [licenceId] };
    },
  },
  {
    what: 'renditions by their ids of two assets',
    status: 400,
    code: 'input.invalid',
    request: async (api) => {
      const [one, other] = [await api.addAsset(), await api.addAsset()];
      return { assetIds: [one.assetId, other.assetId], renditionIds: [one.original.id] };
    },
  },
  {
    what: 'renditions by their ids of no asset',
    status: 400,
    code: 'input.invalid',
    request: async (api) => ({ assetIds: [], renditionIds: [(await api.addAsset()).original.id] }),
  },
  {
    what: 'renditions both by their ids and by their names',
    status: 400,
    code: 'input.invalid',
    request: async (api) => {
      await api.switchVisibility({ multiSelectRenditionNames: true });
      const { assetId, original } = await api.addAsset();
      return { assetIds: [assetId], renditionIds: [original.id], renditionNames: ['original'] };
    },
  },
  {
    what: 'a rendition of another asset',
    status: 422,
    code: 'download.assets_refused',
    reason: 'rendition.none_available',
    request: async (api) => {
      const [one, other] = [await api.addAsset(), await api.addAsset()];
      return { assetIds: [one.assetId], renditionIds: [other.original.id] };
    },
  },
  {
    what: 'rendition names while choosing them is switched off',
    status: 400,
    code: 'input.invalid',
    request: async (api) => ({
      assetIds: [(await api.addAsset({ renditions: ['web'] })).assetId],
      renditionNames: ['web'],
    }),
  },
  {
    what: 'an expired asset, included without the switch',
    status: 422,
    code: 'download.assets_refused',
    reason: 'asset.expired',
    request: async (api) => {
      await api.switchVisibility({ expiredVisible: true });
      const { assetId } = await api.addAsset({ expiresAt: new Date(api.clock().getTime() - 1) });
      return { assetIds: [assetId], expiredAssets: 'include' };
    },
  },
  {
    what: 'originals while they are switched off',
    status: 422,
    code: 'download.assets_refused',
    reason: 'visibility.originals_off',
    request: async (api) => {
      await api.switchVisibility({ originalsDownloadable: false });
      return { assetIds: [(await api.addAsset()).assetId] };
    },
  },
  {
    what: 'renditions while they are switched off',
    status: 422,
    code: 'download.assets_refused',
    reason: 'visibility.renditions_off',
    request: async (api) => {
      await api.switchVisibility({ renditionsAvailable: false });
      return { assetIds: [(await api.addAsset({ renditions: ['web'] })).assetId], renditions: 'static' };
    },
  },
  {
    what: 'a file that is known to be missing',
    status: 422,
    code: 'download.assets_refused',
    reason: 'blob.missing',
    request: async (api) => {
      const { assetId, original } = await api.addAsset();
      await markBlobFault(api.db.orm, original.blob.sha256, 'missing');
      return { assetIds: [assetId] };
    },
  },
  {
    what: 'an unknown field',
    status: 400,
    code: 'input.invalid',
    request: async () => ({ assetIds: [unknownId], assets: [] }),
  },
  {
    what: 'a wrong type',
    status: 400,
    code: 'input.invalid',
    request: async () => ({ assetIds: unknownId }),
  },
  {
    what: 'an id that is none',
    status: 400,
    code: 'input.invalid',
    request: async () => ({ assetIds: ["'; drop table downloads; --"] }),
  },
  {
    what: 'more than 20 addresses',
    status: 400,
    code: 'input.invalid',
    request: async () => ({
      assetIds: [unknownId],
      notify: { to: Array.from({ length: 21 }, (_, index) => `a${index}@example.com`) },
    }),
  },
  {
    what: 'an address that is none',
    status: 400,
    code: 'input.invalid',
    request: async () => ({ assetIds: [unknownId], notify: { to: ['colleague@example.com\r\nBcc: x@example.com'] } }),
  },
  {
    what: 'a name with NUL in it',
    status: 400,
    code: 'input.invalid',
    request: async (api) => ({ assetIds: [(await api.addAsset()).assetId], name: 'a\u0000b' }),
  },
  {
    what: 'a name with half a surrogate pair in it',
    status: 400,
    code: 'input.invalid',
    request: async (api) => ({ assetIds: [(await api.addAsset()).assetId], name: 'a\ud83d' }),
  },
  {
    what: 'a name of 201 characters',
    status: 400,
    code: 'input.invalid',
    request: async () => ({ assetIds: [unknownId], name: 'x'.repeat(201) }),
  },
];

describe('POST /downloads refuses and changes nothing', () => {
  test.each(refusals)('$what', async ({ request, status, code, reason }) => {
    const api = await setupDownloads();
    onTestFinished(api.close);
    const body = await request(api);
    const before = await written(api);

    const response = await api.post('/downloads', body, api.users.requester, { 'idempotency-key': 'k' });

    expect([response.statusCode, response.json().code], response.body).toEqual([status, code]);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    if (reason !== undefined) expect(response.json().outcomes[0]).toMatchObject({ outcome: 'excluded', reason });
    expect(await written(api)).toEqual(before);
  });
});
