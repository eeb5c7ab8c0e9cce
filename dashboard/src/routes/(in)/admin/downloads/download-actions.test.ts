import { expect, test } from 'vitest';
import { possibleActions } from './download-actions.ts';

test('what several downloads are offered is what at least one of them allows', () => {
  expect(possibleActions(['ready', 'ready'])).toEqual(['revoke']);
  expect(possibleActions(['ready', 'packing'])).toEqual(['cancel', 'revoke']);
  expect(possibleActions('failed,queued')).toEqual(['retry', 'cancel']);
  expect(possibleActions('revoked')).toEqual([]);
  expect(possibleActions(undefined)).toEqual(['retry', 'cancel', 'revoke']);
});
