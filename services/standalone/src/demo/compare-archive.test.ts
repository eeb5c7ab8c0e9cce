import type { AssetJson } from '@sheaf/contract/asset';
import type { LicenceJson } from '@sheaf/contract/licence';
import type { OutcomeJson } from '@sheaf/contract/outcome';
import { expect, test } from 'vitest';
import { compareArchive } from './compare-archive.ts';
import type { ArchiveEntry } from './read-archive.ts';

const hash = (digit: string) => digit.repeat(64);

function setup() {
  const outcomes: OutcomeJson[] = [
    {
      assetId: 'boats',
      title: 'Boats',
      outcome: 'included',
      reason: null,
      renamed: false,
      entries: [
        {
          path: 'boats.jpg',
          kind: 'original',
          name: 'original',
          size: 3,
          sha256: hash('a'),
          modifiedAt: '2026-10-01T12:00:00.000Z',
        },
      ],
    },
    { assetId: 'gone', title: 'Gone', outcome: 'excluded', reason: 'asset.not_found', renamed: false, entries: [] },
  ];
  const rendition = { kind: 'original', name: 'original', sha256: hash('a') };
  const expected = {
    outcomes,
    assets: [{ id: 'boats', renditions: [rendition] } as unknown as AssetJson],
    licences: [{ sha256: hash('b') } as LicenceJson],
  };
  const entries: ArchiveEntry[] = [
    { path: 'boats.jpg', size: 3, sha256: hash('a') },
    { path: 'manifest.json', size: 1, sha256: hash('c') },
    { path: 'licences/Terms.pdf', size: 2, sha256: hash('b') },
    { path: 'receipt.json', size: 1, sha256: hash('1') },
    { path: 'signature.json', size: 1, sha256: hash('2') },
  ];
  const manifest = JSON.stringify({ outcomes: outcomes.map((outcome) => ({ ...outcome, part: 1 })) });
  return { expected, entries, manifest };
}

test('an archive that holds exactly what the API says has no faults', () => {
  const { expected, entries, manifest } = setup();
  expect(compareArchive(entries, manifest, expected)).toEqual([]);
});

test('a file with other bytes is a fault', () => {
  const { expected, entries, manifest } = setup();
  entries[0]!.sha256 = hash('d');
  expect(compareArchive(entries, manifest, expected)).toEqual(['boats.jpg has other bytes than the download says.']);
});

test('a file that the download and the archive agree on against the catalogue is a fault', () => {
  const { expected, entries, manifest } = setup();
  expected.assets[0]!.renditions[0]!.sha256 = hash('e');
  expect(compareArchive(entries, manifest, expected)).toEqual(['boats.jpg has other bytes than the catalogue.']);
});

test('a missing file and one too many are faults', () => {
  const { expected, entries, manifest } = setup();
  entries[0]!.path = 'other.jpg';
  expect(compareArchive(entries, manifest, expected)).toEqual([
    'boats.jpg is not in the archive.',
    'other.jpg is in the archive and belongs to nothing.',
  ]);
});

test('a missing receipt or signature is a fault', () => {
  const { expected, entries, manifest } = setup();
  expect(compareArchive(entries.slice(0, 3), manifest, expected)).toEqual([
    'There is no receipt.json in the archive.',
    'There is no signature.json in the archive.',
  ]);
});

test('terms that no licence has are a fault', () => {
  const { expected, entries, manifest } = setup();
  entries[2]!.sha256 = hash('f');
  expect(compareArchive(entries, manifest, expected)).toEqual([
    'licences/Terms.pdf is in the archive and belongs to nothing.',
  ]);
});

test('a file of an excluded asset is a fault', () => {
  const { expected, entries } = setup();
  expected.outcomes[0]!.outcome = 'excluded';
  const manifest = JSON.stringify({ outcomes: expected.outcomes });
  expect(compareArchive(entries, manifest, expected)).toContain('boats.jpg belongs to an excluded asset.');
});

test('a manifest that is missing, unreadable or tells something else is a fault', () => {
  const { expected, entries } = setup();
  expect(compareArchive(entries.toSpliced(1, 1), null, expected)).toEqual([
    'There is no manifest.json in the archive.',
  ]);
  expect(compareArchive(entries, 'no JSON', expected)).toEqual(['manifest.json is not readable.']);
  const [first, second] = expected.outcomes;
  const other = JSON.stringify({ outcomes: [first, { ...second, reason: 'asset.expired' }] });
  expect(compareArchive(entries, other, expected)).toEqual(['manifest.json tells other outcomes than the API.']);
});
