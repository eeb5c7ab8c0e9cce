import { expect, test } from 'vitest';
import type { Manifest } from './manifest.ts';
import { tellBackup } from './tell-backup.ts';

function setup(changes: Partial<Manifest> = {}) {
  const list = { file: 'a', size: 1, sha256: '', files: 3, bytes: 2_000 };
  const manifest: Manifest = {
    format: 1,
    version: '1',
    createdAt: '2026-01-02T03:04:05Z',
    snapshot: 'snapshot-a',
    migrations: [],
    secretKeyId: null,
    secretKeyIncluded: true,
    tables: [{ ...list, name: 'users', columns: [], rows: 7 }],
    counters: {},
    blobs: list,
    blobsNotThere: 0,
    objects: list,
    objectsNotThere: 0,
    ...changes,
  };
  return tellBackup({ manifest, added: { files: 2, bytes: 1_000 } });
}

test('of a whole backup, what is in it', () => {
  expect(setup()).toEqual({
    told: [
      expect.stringMatching(/^Backed up as of 2026-01-02T03:04:05Z: 7 rows, 3 files/),
      expect.stringMatching(/^3 of ready archives. New in the backup: 2 files/),
    ],
    missing: [],
  });
  expect(setup({ secretKeyIncluded: false }).told).toContainEqual(
    expect.stringMatching(/^The secret key is not in it/),
  );
});

test('files of the catalogue and of archives that are not in it, each with their number', () => {
  expect(setup({ blobsNotThere: 4, objectsNotThere: 5 }).missing).toEqual([
    expect.stringMatching(/^4 files are missing or damaged/),
    expect.stringMatching(/^5 files of ready archives are not there/),
  ]);
});
