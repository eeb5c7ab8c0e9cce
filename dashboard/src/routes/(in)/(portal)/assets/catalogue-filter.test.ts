import { expect, test } from 'vitest';
import { addressOf, filterOf, isFiltered } from './catalogue-filter.ts';

test.each([
  '',
  '?q=harbour+%26+dawn',
  '?folder=Ports%2FNorth&type=image&licenceId=none&expiring=true',
  '?status=draft',
])('a view of the catalogue comes back from its address: %s', (address) => {
  expect(addressOf(filterOf(new URLSearchParams(address)))).toBe(address);
});

test('what the address does not know is left out', () => {
  const filter = filterOf(new URLSearchParams('?q=&expiring=false&limit=9&x=1'));
  expect(filter).toEqual({});
  expect(isFiltered(filter)).toBe(false);
});
