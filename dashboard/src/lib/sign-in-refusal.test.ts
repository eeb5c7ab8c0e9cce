import { expect, test } from 'vitest';
import { portalTexts } from './i18n/en/portal.ts';
import { explainRefusal } from './sign-in-refusal.ts';

test('a refusal is explained, an unknown one too, and no error says nothing', () => {
  expect(explainRefusal('user_disabled', portalTexts)).toContain('disabled');
  for (const unknown of ['failed', 'constructor', '<script>']) {
    expect(explainRefusal(unknown, portalTexts)).toBe('Signing in did not work. Try again, or ask your administrator.');
  }
  expect(explainRefusal(null, portalTexts)).toBe('');
});
