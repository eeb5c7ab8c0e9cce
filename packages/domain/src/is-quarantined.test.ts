import { expect, test } from 'vitest';
import { isQuarantined } from './is-quarantined.ts';

test.each([
  { state: 'failed', errorCode: 'download.worker_lost', quarantined: true },
  { state: 'failed', errorCode: 'storage.full', quarantined: false },
  { state: 'failed', errorCode: null, quarantined: false },
  { state: 'queued', errorCode: 'download.worker_lost', quarantined: false },
] as const)('$state with $errorCode is quarantined: $quarantined', ({ quarantined, ...download }) => {
  expect(isQuarantined(download)).toBe(quarantined);
});
