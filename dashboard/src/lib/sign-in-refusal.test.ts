import { expect, test } from 'vitest';
import { explainRefusal } from './sign-in-refusal.ts';

test('a refusal is explained, an unknown one too, and no error says nothing', () => {
  expect(explainRefusal('user_disabled')).toContain('disabled');
  for (const unknown of ['failed', 'constructor', '<script>']) {
    expect(explainRefusal(unknown)).toBe('Signing in did not work. Try again, or ask your administrator.');
  }
  expect(explainRefusal(null)).toBe('');
});
