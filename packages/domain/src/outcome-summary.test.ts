import { expect, test } from 'vitest';
import { outcomeSummary } from './outcome-summary.ts';

test('every reason that occurs is counted and put into words, whole and partial shortfalls apart', () => {
  const summary = outcomeSummary([
    { outcome: 'included', reason: null },
    { outcome: 'included', reason: 'rendition.failed' },
    { outcome: 'excluded', reason: 'rendition.failed' },
    { outcome: 'excluded', reason: 'asset.expired' },
    { outcome: 'excluded', reason: 'asset.expired' },
  ]);
  expect(summary).toEqual({
    included: 2,
    excluded: 3,
    reasons: [
      { reason: 'asset.expired', excluded: 2, partial: 0, text: 'The asset has expired.' },
      { reason: 'rendition.failed', excluded: 1, partial: 1, text: 'A rendition could not be made.' },
    ],
  });
});

test('a download without outcomes has an empty summary', () => {
  expect(outcomeSummary([])).toEqual({ included: 0, excluded: 0, reasons: [] });
});
