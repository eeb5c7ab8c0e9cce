import { expect, test } from 'vitest';
import { type SampleAsset, sampleAssets, sampleLicences } from './sample-catalogue.ts';

const count = (condition: (asset: SampleAsset) => boolean) => sampleAssets.filter(condition).length;

test('the samples give every rule something to decide', () => {
  expect(count((asset) => asset.status !== 'approved')).toBe(1);
  expect(count((asset) => (asset.expiresInDays ?? 0) < 0)).toBe(1);
  expect(count((asset) => (asset.expiresInDays ?? 0) > 0 && asset.expiresInDays! <= 15)).toBe(1);
  expect(count((asset) => asset.licence !== undefined && sampleLicences[asset.licence].approved)).toBeGreaterThan(1);
  expect(count((asset) => asset.licence !== undefined && !sampleLicences[asset.licence].approved)).toBeGreaterThan(1);
  expect(count((asset) => !('picture' in asset.content))).toBeGreaterThan(1);
});

test('each sample has a place of its own in a folder', () => {
  const places = sampleAssets.map(({ folder, fileName }) => `${folder}/${fileName}`.toLowerCase());
  expect(new Set(places).size).toBe(sampleAssets.length);
  expect(sampleAssets.every(({ folder }) => folder !== '')).toBe(true);
});
