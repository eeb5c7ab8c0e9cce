import { Type } from 'typebox';

/** A UUIDv7 as it stands in every URL and body. */
export const idSchema = Type.String({ format: 'uuid' });

/** RFC 3339, UTC. */
export const timeSchema = Type.String({ format: 'date-time' });

/** SHA-256 as 64 lower-case hexadecimal digits. */
export const sha256Schema = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** Bytes. */
export const sizeSchema = Type.Integer({ minimum: 0 });

/** Somebody, by name. */
export const personSchema = Type.Object({ id: idSchema, name: Type.String() });

/** `schema`, or null. */
export const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
