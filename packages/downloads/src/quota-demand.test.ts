import type { DownloadDecision } from '@sheaf/domain/download-decision';
import { expect, test } from 'vitest';
import { quotaDemand } from './quota-demand.ts';

const asked = { userId: 'user', now: new Date(0) };

function decision(facts: { included: number; contentSize: number; renderEstimate: number; direct?: object }) {
  const { included, contentSize, renderEstimate, direct = null } = facts;
  return { counts: { included }, contentSize, renderEstimate, direct } as unknown as DownloadDecision;
}

test('a download takes a place, its included assets and the bytes that are known or estimated', () => {
  const demand = quotaDemand(decision({ included: 3, contentSize: 1_000, renderEstimate: 500 }), asked);
  expect(demand).toEqual({ ...asked, assets: 3, downloads: 1, bytes: 1_500 });
});

test('a file that is sent as it is takes no place among downloads', () => {
  const demand = quotaDemand(decision({ included: 1, contentSize: 7, renderEstimate: 0, direct: {} }), asked);
  expect(demand).toEqual({ ...asked, assets: 1, downloads: 0, bytes: 7 });
});
