import { customType, timestamp, uuid } from 'drizzle-orm/pg-core';
import { v7 } from 'uuid';

/** UUIDv7: ordered by creation, so that keyset paging by id is paging by age. */
export const newId = (): string => v7();

export const id = () => uuid('id').primaryKey().$defaultFn(newId);

/** Times are `timestamptz` with milliseconds, so that a cursor made from a JavaScript Date meets the row again. */
export const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

/** A transaction, counted without ever beginning anew. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });
