import { acceptances, downloads } from '@sheaf/db/schema/downloads';
import { outbox } from '@sheaf/db/schema/jobs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupDownloads, type TestDownloads } from '../../../../../test/harness/downloads.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  return api;
}

const unknownId = '01900000-0000-7000-8000-000000000000';

async function written({ db }: TestDownloads) {
  return {
    downloads: await db.orm.$count(downloads),
    acceptances: await db.orm.$count(acceptances),
    outbox: await db.orm.$count(outbox),
  };
}

describe('POST /downloads/preflight', () => {
  test('200: gives the decision, with the licences to accept, and writes nothing', async () => {
    const api = await setup();
    const licence = await api.addLicence();
    const now = api.clock();
    const expiresAt = new Date(now.getTime() + 36 * 3_600_000);
    const licensed = await api.addAsset({ title: 'Licensed', licenceId: licence.licenceId });
    const plain = await api.addAsset({ title: 'Plain', expiresAt, renditions: ['web'] });
    const before = await written(api);

    const body = { assetIds: [licensed.assetId, plain.assetId], renditions: 'originals-and-static' };
    const response = await api.post('/downloads/preflight', body);
    const accepting = await api.post('/downloads/preflight', { ...body, acceptLicences: [licence] });

    expect(response.statusCode, response.body).toBe(200);
    expect(response.json()).toMatchObject({
      verdict: 'download.assets_refused',
      outcomes: [
        { assetId: licensed.assetId, outcome: 'excluded', reason: 'licence.not_accepted', entries: [] },
        { assetId: plain.assetId, outcome: 'included', reason: null },
      ],
      counts: { assets: 2, included: 1, excluded: 1, entries: 2, renamed: 0 },
      licences: [
        {
          ...licence,
          title: 'Terms',
          approved: true,
          accepted: false,
          documentUrl: `/api/v1/licences/${licence.licenceId}/document`,
          assetIds: [licensed.assetId],
        },
      ],
      expired: [],
      expiring: [{ assetId: plain.assetId, title: 'Plain', expiresAt: expiresAt.toISOString(), days: 2 }],
      size: 1_500,
      entriesToRender: 0,
      parts: [{ number: 1, assets: 1, entries: 2, size: 1_500, oversized: false }],
      background: false,
      direct: null,
      expiresAt: expiresAt.toISOString(),
    });
    expect(accepting.json()).toMatchObject({ verdict: 'allowed', licences: [{ accepted: true }] });
    expect(await written(api)).toEqual(before);
  });

  test('200: counts reasons over all assets, and shows the notable outcomes alone to whoever asks for those', async () => {
    const api = await setup();
    const { licenceId } = await api.addLicence();
    const assets = [
      await api.addAsset({ licenceId }),
      await api.addAsset({ fileName: 'Same.jpg' }),
      await api.addAsset({ licenceId }),
      await api.addAsset({ fileName: 'same.jpg' }),
    ];
    const body = { assetIds: assets.map(({ assetId }) => assetId) };
    const all = (await api.post('/downloads/preflight', body)).json();
    const notable = (await api.post('/downloads/preflight?outcomes=notable', body)).json();

    expect(all.reasons).toEqual([{ reason: 'licence.not_accepted', excluded: 2, partial: 0 }]);
    expect(all.outcomes).toHaveLength(4);
    expect(notable).toEqual({ ...all, outcomes: [all.outcomes[0], all.outcomes[2], all.outcomes[3]] });
    expect(notable.outcomes[2]).toMatchObject({ renamed: true, entries: [{ path: 'same (2).jpg' }] });
    expect((await api.post('/downloads/preflight?outcomes=none', body)).statusCode).toBe(400);
  });

  test('200: an empty selection and one over the limit are verdicts here', async () => {
    const api = await setup();
    await api.switchVisibility({ maxAssetsPerDownload: 1 });
    const verdictOf = async (assetIds: string[]) =>
      (await api.post('/downloads/preflight', { assetIds })).json().verdict;

    expect(await verdictOf([])).toBe('download.empty');
    expect(await verdictOf([unknownId, unknownId.replace('0000', '0001')])).toBe('download.too_many_assets');
  });

  test('200: a licence that is not approved has no terms yet that could be accepted', async () => {
    const api = await setup();
    const { licenceId } = await api.addLicence({ approved: false });
    const { assetId } = await api.addAsset({ licenceId });
    const response = await api.post('/downloads/preflight', { assetIds: [assetId] });
    expect(response.json().licences).toMatchObject([{ licenceId, approved: false, sha256: null, documentUrl: null }]);
  });

  test('400 for what is malformed, 401 for nobody', async () => {
    const api = await setup();
    expect((await api.post('/downloads/preflight', { assetIds: 'x' })).statusCode).toBe(400);
    const nobody = await api.app.inject({ method: 'POST', url: '/api/v1/downloads/preflight', payload: {} });
    expect(nobody.statusCode).toBe(401);
  });
});
