import type { AssetFilterJson } from '@sheaf/contract/asset';

const names = ['q', 'folder', 'type', 'licenceId', 'status'] as const;

/** What the address asks for: every view of the catalogue has one, to be kept and sent. */
export function filterOf(parameters: Pick<URLSearchParams, 'get'>): AssetFilterJson {
  const filter: Record<string, string | boolean> = {};
  for (const name of names) {
    const value = parameters.get(name);
    if (value) filter[name] = value;
  }
  if (parameters.get('expiring') === 'true') filter.expiring = true;
  return filter;
}

/** The address of a view; empty for the whole catalogue. */
export function addressOf(filter: AssetFilterJson): string {
  const parameters = new URLSearchParams();
  for (const name of names) {
    const value = filter[name];
    if (value) parameters.set(name, value);
  }
  if (filter.expiring) parameters.set('expiring', 'true');
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

export const isFiltered = (filter: AssetFilterJson): boolean => Object.keys(filter).length > 0;
