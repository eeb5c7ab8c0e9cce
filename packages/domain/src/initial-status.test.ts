import { expect, test } from 'vitest';
import { initialStatus } from './initial-status.ts';
import { defaultVisibility } from './visibility-configuration.ts';

test('rule 9: new assets are not approved unless auto-approval is on', () => {
  expect(initialStatus(defaultVisibility)).toBe('draft');
  expect(initialStatus({ autoApproval: true })).toBe('approved');
});
