import type { AdminDownloadFilter, AdminDownloadQuery } from '@sheaf/contract/admin-download';

/** The fields of a filter as they stand in the address, in the order of their chips. */
export const filterFields = [
  'q',
  'state',
  'requester',
  'requesterId',
  'assetId',
  'licenceId',
  'error',
  'failure',
  'delivery',
  'createdFrom',
  'createdTo',
  'finishedFrom',
  'finishedTo',
  'sizeMin',
  'sizeMax',
] as const satisfies readonly (keyof AdminDownloadFilter)[];
export type FilterField = (typeof filterFields)[number];

export type Order = NonNullable<AdminDownloadQuery['order']>;
const orders: readonly string[] = ['newest', 'largest', 'waiting'] satisfies Order[];

/** The filter that an address stands for; whatever else is in it is left alone. */
export function filterOf(parameters: Pick<URLSearchParams, 'get'>): AdminDownloadFilter {
  const filter: Record<string, string | number> = {};
  for (const field of filterFields) {
    const value = parameters.get(field)?.trim();
    if (!value) continue;
    if (field !== 'sizeMin' && field !== 'sizeMax') filter[field] = value;
    else if (/^\d{1,15}$/.test(value)) filter[field] = Number(value);
  }
  return filter;
}

export function orderOf(parameters: Pick<URLSearchParams, 'get'>): Order {
  const order = parameters.get('order') ?? '';
  return orders.includes(order) ? (order as Order) : 'newest';
}

/** The query of an address for a filter and an order; empty for all, the newest first. */
export function toQuery(filter: AdminDownloadFilter, order: Order): string {
  const parameters = new URLSearchParams();
  for (const field of filterFields) {
    const value = filter[field];
    if (value !== undefined && value !== '') parameters.set(field, String(value));
  }
  if (order !== 'newest') parameters.set('order', order);
  const query = parameters.toString();
  return query === '' ? '' : `?${query}`;
}

const bytesPerMegabyte = 1_000_000;
export const toMegabytes = (bytes: number | undefined): string =>
  bytes === undefined ? '' : String(bytes / bytesPerMegabyte);
export const fromMegabytes = (text: string): number | undefined => {
  const value = Number(text.replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(value) || value < 0 ? undefined : Math.round(value * bytesPerMegabyte);
};

/** A moment as a field of date and time has it: the viewer's own clock, without a zone. */
export function toLocalTime(instant: string | undefined): string {
  if (instant === undefined) return '';
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
export function fromLocalTime(text: string): string | undefined {
  const at = new Date(text);
  return text === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
