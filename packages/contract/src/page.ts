import { type TSchema, Type } from 'typebox';

/** What every list takes besides its filters. */
export const pageQueryFields = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: '`nextCursor` of the page before.' })),
};

export const pageQuerySchema = Type.Object(pageQueryFields, { additionalProperties: false });

/** One page of a list; `nextCursor` is null on the last one. */
export const pageSchema = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) });

export interface PageJson<T> {
  items: T[];
  nextCursor: string | null;
}
