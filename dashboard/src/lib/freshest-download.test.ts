import type { DownloadJson } from '@sheaf/contract/download';
import { expect, onTestFinished, test } from 'vitest';
import { freshest, stateChange } from './freshest-download.ts';

const download = (id: string, version: number, state: DownloadJson['state']) =>
  ({ id, version, state }) as DownloadJson;

test('an answer that was overtaken by an event shows what the event told', () => {
  const told = freshest(download('a', 5, 'ready'));
  expect(freshest(download('a', 4, 'packing'))).toBe(told);
});

test('of one version the later one counts: the time of a ready download may have passed', () => {
  freshest(download('b', 5, 'ready'));
  expect(freshest(download('b', 5, 'expired')).state).toBe('expired');
  expect(freshest(download('b', 6, 'requested')).state).toBe('requested');
});

test('a change of state is told once, whichever way it came', () => {
  const told: string[] = [];
  const before = stateChange.told;
  onTestFinished(() => {
    stateChange.told = before;
  });
  stateChange.told = ({ state }) => told.push(state);
  for (const [version, state] of [
    [1, 'packing'],
    [2, 'packing'],
    [3, 'ready'],
    [3, 'ready'],
    [2, 'packing'],
  ] as const) {
    freshest(download('c', version, state));
  }
  expect(told).toEqual(['ready']);
});
