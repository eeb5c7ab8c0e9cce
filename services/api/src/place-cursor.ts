import type { Place, SearchOrder } from '@sheaf/db/download-search/search-order';
import { invalidInput } from './schema-validator.ts';

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
const shapes: Readonly<Record<SearchOrder, RegExp>> = {
  newest: new RegExp(`^newest (${time}) (${uuid})$`),
  largest: new RegExp(`^largest (\\d{1,16}) (${uuid})$`),
  waiting: new RegExp(`^waiting (${time}) (${uuid})$`),
};

/** The cursor of a place in one of the orders that downloads are searched in. Opaque to callers. */
export function encodePlace(order: SearchOrder, { key, id }: Place): string {
  return Buffer.from(`${order} ${key} ${id}`).toString('base64url');
}

/** The place that a cursor stands for; undefined for the first page. Throws `input.invalid`, also for one of another order. */
export function decodePlace(order: SearchOrder, cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [, key, id] = shapes[order].exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const isTime = order !== 'largest';
  if (key === undefined || id === undefined || (isTime && new Date(key).toJSON() !== key)) {
    throw invalidInput([{ path: '/cursor', message: 'is not a cursor of this list in this order' }]);
  }
  return { key, id };
}
