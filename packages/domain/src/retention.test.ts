import { expect, test } from 'vitest';
import { bundleHours, defaultRetention } from './retention.ts';

test('what retention says goes before the visibility configuration, which holds where it says nothing', () => {
  expect(bundleHours(defaultRetention, { linkTtlHours: 168 })).toBe(168);
  expect(bundleHours({ ...defaultRetention, bundleHours: 24 }, { linkTtlHours: 168 })).toBe(24);
});
