import type { LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { AppError } from '@sheaf/domain/app-error';

/** The addresses and CIDR ranges of the setting. Throws `input.invalid`, naming it, for an entry that is neither. */
export function parseAddresses(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    if (!add(list, entry)) {
      throw new AppError(
        'input.invalid',
        `WEBHOOK_ALLOWED_ADDRESSES: "${entry}" is neither an IP address nor a range such as 10.0.0.0/8.`,
      );
    }
  }
  return list;
}

function add(list: BlockList, entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || rest.length > 0) return false;
  try {
    if (prefix === undefined) list.addAddress(address, family);
    else if (/^\d{1,3}$/.test(prefix)) list.addSubnet(address, Number(prefix), family);
    else return false;
    return true;
  } catch {
    return false;
  }
}

/** Those of a host's addresses that are in the list. */
export function listedAddresses(addresses: readonly LookupAddress[], list: BlockList): string[] {
  return addresses.flatMap(({ address, family }) =>
    list.check(address, family === 6 ? 'ipv6' : 'ipv4') ? [address] : [],
  );
}
