import { expect, test } from 'vitest';
import { canTransition, downloadStates, isFinal, statesBefore, transitions } from './download-state.ts';

test('a download goes forward one state at a time, but need not be queued', () => {
  expect(transitions.requested.slice(0, 2)).toEqual(['queued', 'gathering']);
  expect(statesBefore('gathering')).toEqual(['requested', 'queued']);
  const path = ['queued', 'gathering', 'packing', 'ready', 'expired'] as const;
  for (const [index, from] of path.entries()) {
    for (const later of path.slice(index + 1)) expect(canTransition(from, later)).toBe(later === path[index + 1]);
  }
});

test('it can fail or be cancelled before it is ready, and at no other time', () => {
  const before = ['requested', 'queued', 'gathering', 'packing'];
  expect(statesBefore('failed')).toEqual(before);
  expect(statesBefore('cancelled')).toEqual(before);
});

test('a worker can hand it back', () => {
  expect(statesBefore('queued')).toEqual(['requested', 'gathering', 'packing']);
});

test('it can be retried after it failed, was cancelled or expired, but never once revoked', () => {
  expect(statesBefore('requested')).toEqual(['failed', 'cancelled', 'expired']);
  expect(transitions.revoked).toEqual([]);
});

test('only what was ready can be revoked, only what is ready expires, and only what is packed becomes ready', () => {
  expect(statesBefore('revoked')).toEqual(['ready', 'expired']);
  expect(statesBefore('expired')).toEqual(['ready']);
  expect(statesBefore('ready')).toEqual(['packing']);
});

test('no state follows itself', () => {
  for (const state of downloadStates) expect(canTransition(state, state)).toBe(false);
});

test('final are those that nothing leaves by itself', () => {
  expect(downloadStates.filter(isFinal)).toEqual(['failed', 'cancelled', 'expired', 'revoked']);
});
