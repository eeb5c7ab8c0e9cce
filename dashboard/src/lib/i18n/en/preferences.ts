import { counted } from '../counted.ts';

const count = counted('en');

export const preferences = {
  title: 'Preferences',
  general: 'General',
  email: 'Email me when a download is ready or fails',
  emailHint: 'A request may say otherwise for itself. The inbox hears of it anyway.',
  tokens: 'API tokens',
  tokensHint: 'A program that has one may do whatever you may.',
  noTokens: 'You have none.',
  newToken: 'New token',
  makeToken: 'Make token',
  tokenName: 'What it is for',
  tokenEnds: 'Valid for',
  forever: 'until it is revoked',
  days: (n: number) => count(n, 'day', 'days'),
  token: 'Token',
  shownOnce: 'It is shown this once. Copy it now.',
  madeAt: 'made',
  lastUsed: 'last used',
  neverUsed: 'never used',
  ends: 'ends',
  ended: 'Ended',
  revokeToken: 'Revoke',
  revokeTokenTitle: (name: string) => `Revoke the token “${name}”?`,
  revokeTokenHint: 'Whatever uses it is refused at once. This cannot be undone.',
};
