/** Addresses as people type them: separated by commas, semicolons, spaces or lines, each once. */
export function emailList(text: string): string[] {
  const addresses = text.split(/[\s,;]+/).filter((address) => address !== '');
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}

/** What cannot be an address; the api has the last word. */
export const notAddresses = (addresses: readonly string[]): string[] =>
  addresses.filter((address) => !/^[^@]+@[^@]+\.[^@]+$/.test(address));
