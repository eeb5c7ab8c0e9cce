import { expect, test } from 'vitest';
import { emailList, notAddresses } from './email-list.ts';

test.each([
  ['', []],
  ['a@example.com', ['a@example.com']],
  ['a@example.com, b@example.com;c@example.com\nA@example.com ', ['A@example.com', 'b@example.com', 'c@example.com']],
])('%j holds the addresses %j', (text, addresses) => {
  expect(emailList(text)).toEqual(addresses);
});

test('what cannot be an address is named', () => {
  expect(notAddresses('a@example.com b@example.com, a@b, not an address; @x.y')).toEqual([
    'a@b',
    'not an address',
    '@x.y',
  ]);
});
