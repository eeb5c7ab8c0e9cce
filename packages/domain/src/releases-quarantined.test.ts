import { expect, test } from 'vitest';
import { releasesQuarantined } from './releases-quarantined.ts';

test.each([
  { filter: { ids: '0197a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b' }, releases: true },
  { filter: { error: 'download.worker_lost' }, releases: true },
  { filter: { failure: 'download.worker_lost/gather' }, releases: true },
  { filter: { error: 'storage.full' }, releases: false },
  { filter: { failure: 'download.worker_lost_again/gather' }, releases: false },
  { filter: { state: 'failed', q: 'download.worker_lost' }, releases: false },
  { filter: {}, releases: false },
])('a retry of all that $filter finds releases what is in quarantine: $releases', ({ filter, releases }) => {
  expect(releasesQuarantined(filter)).toBe(releases);
});
