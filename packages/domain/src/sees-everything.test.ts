import { expect, test } from 'vitest';
import { roles } from './actor.ts';
import { mayChange, seesEverything } from './sees-everything.ts';

test('administrators and auditors see everything, and nobody else does', () => {
  expect(roles.filter((role) => seesEverything({ role }))).toEqual(['auditor', 'administrator']);
});

test('everybody but auditors may change something', () => {
  expect(roles.filter((role) => !mayChange({ role }))).toEqual(['auditor']);
});
