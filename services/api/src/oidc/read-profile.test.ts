import { expect, test } from 'vitest';
import { mergeClaims, profileOf } from './read-profile.ts';

const victim = 'victim@example.com';
const own = 'own@example.com';

test.each([
  ["the ID token's address with userinfo's flag", { email: victim }, { email: own, email_verified: true }, victim],
  [
    "the ID token's address, also where userinfo has it, too",
    { email: own },
    { email: own, email_verified: true },
    own,
  ],
  ["userinfo's address with the ID token's flag", { email_verified: true }, { email: victim }, victim],
  ['a blank address in the ID token', { email: ' ', email_verified: true }, { email: victim }, victim],
])('%s is not verified', (_name, signed, info, email) => {
  const profile = profileOf(mergeClaims({ sub: '1', ...signed }, { sub: '1', ...info }));
  expect(profile).toMatchObject({ email, emailVerified: false });
});

test.each([
  ['the ID token', { email: own, email_verified: true }, { email: victim, email_verified: false }],
  ['userinfo where the ID token has none', {}, { email: own, email_verified: true }],
])('an address is verified by who names it: %s', (_name, signed, info) => {
  expect(profileOf(mergeClaims(signed, info))).toMatchObject({ email: own, emailVerified: true });
});

test("of other claims the ID token's win, and userinfo adds to them", () => {
  expect(mergeClaims({ name: 'Signed' }, { name: 'Told', groups: ['a'] })).toMatchObject({
    name: 'Signed',
    groups: ['a'],
  });
});
