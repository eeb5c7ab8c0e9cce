import { expect, test } from 'vitest';
import { parseAddresses } from './allowed-addresses.ts';

test('takes addresses and ranges of both families', () => {
  const list = parseAddresses(['10.0.0.0/8', '192.168.1.7', 'fd00::/8']);

  expect(list.check('10.255.0.1')).toBe(true);
  expect(list.check('192.168.1.7')).toBe(true);
  expect(list.check('192.168.1.8')).toBe(false);
  expect(list.check('fd12::1', 'ipv6')).toBe(true);
});

test.each(['localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0', 'fd00::/129', '/8', '10.0.0.1/x'])(
  'refuses %s, which is neither',
  (entry) => {
    expect(() => parseAddresses([entry])).toThrow(`"${entry}" is neither an IP address nor a range`);
  },
);
