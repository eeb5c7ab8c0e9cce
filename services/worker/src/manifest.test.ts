import { expect, test } from 'vitest';
import { type ManifestOutcome, manifestBytes, manifestJson } from './manifest.ts';

const head = {
  downloadId: '0198c5a8-1111-7000-8000-000000000001',
  name: 'n'.repeat(200),
  requestedBy: { name: 'r'.repeat(200), email: `${'e'.repeat(242)}@example.com` },
  createdAt: new Date('2026-11-01T12:00:00Z'),
};

const outcomes: ManifestOutcome[] = [
  {
    assetId: '0198c5a8-1111-7000-8000-000000000002',
    title: 'Größe “1”',
    outcome: 'included',
    reason: null,
    entries: [
      {
        path: 'größe.jpg',
        kind: 'original',
        name: 'original',
        size: 3,
        sha256: 'ab',
        modifiedAt: '2026-10-01T12:00:00.000Z',
      },
    ],
    renamed: true,
    part: 1,
  },
  {
    assetId: '0198c5a8-1111-7000-8000-000000000003',
    title: '',
    outcome: 'excluded',
    reason: 'asset.not_found',
    entries: [],
    renamed: false,
    part: null,
  },
];

/** In pages of one. */
async function* each(list: readonly ManifestOutcome[]) {
  for (const outcome of list) yield [outcome];
}

test('is JSON with the outcomes in the shape of the API and their parts, and nothing else of the entries', async () => {
  const withMore = outcomes.map((outcome) => ({
    ...outcome,
    entries: outcome.entries.map((entry) => ({
      ...entry,
      modifiedAt: new Date(entry.modifiedAt),
      crc32: 1,
      renditionId: 'x',
    })),
  }));

  expect(JSON.parse(String(await manifestJson(head, each(withMore))))).toEqual({
    version: 1,
    ...head,
    createdAt: '2026-11-01T12:00:00.000Z',
    outcomes,
  });
});

test('is valid without any outcome', async () => {
  expect(JSON.parse(String(await manifestJson(head, each([])))).outcomes).toEqual([]);
});

test('never has more bytes than were reckoned for it', async () => {
  for (const list of [[], outcomes.slice(0, 1), outcomes]) {
    const { length } = await manifestJson(head, each(list));
    expect(manifestBytes(list)).toBeGreaterThanOrEqual(length);
  }
});
