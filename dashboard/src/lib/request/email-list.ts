/** Addresses as people type them: separated by commas, semicolons, spaces or lines, each once. */
export function emailList(text: string): string[] {
  const addresses = text.split(/[\s,;]+/).filter((address) => address !== '');
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}

/** What cannot be an address, in the words in which it was typed; the api has the last word. */
export function notAddresses(text: string): string[] {
  const typed = text.split(/[,;\n]+/).map((one) => one.trim());
  return typed.filter((one) => emailList(one).some((address) => !/^[^@]+@[^@]+\.[^@]+$/.test(address)));
}
