/**
 * What the seed's statements share. Everything follows from row numbers: two seeds of one size differ in nothing but the
 * moment at which they were made.
 */
export const createFunctions = [
  // One moment for all statements, each of which is a transaction of its own.
  `select set_config('seed.now', date_trunc('milliseconds', now())::text, false)`,
  `create function seed_now() returns timestamptz language sql stable parallel safe
   return current_setting('seed.now')::timestamptz`,
  // From 0 to 1, evenly; the second number tells one use of a row's number from another.
  `create function seed_chance(n bigint, use int) returns double precision language sql immutable parallel safe
   return (hashint8extended(n, use) & 9007199254740991) / 9007199254740992.0::float8`,
  // A UUIDv7 of that moment, different for each pair of numbers.
  `create function seed_id(at timestamptz, n bigint, use int) returns uuid language sql immutable parallel safe
   return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7'
     || lpad(to_hex(hashint8extended(n, use) & 4095), 3, '0') || '8' || lpad(to_hex(use & 4095), 3, '0')
     || lpad(to_hex(n), 12, '0'))::uuid`,
  `create function seed_sha256(value text) returns text language sql immutable parallel safe
   return encode(sha256(value::bytea), 'hex')`,
  // One of a list, the first ones more often than the last.
  `create function seed_pick(list text[], chance double precision) returns text language sql immutable parallel safe
   return list[1 + floor(cardinality(list) * power(chance, 1.6))::int]`,
];

export const dropFunctions = [
  'drop function seed_now()',
  'drop function seed_chance(bigint, int)',
  'drop function seed_id(timestamptz, bigint, int)',
  'drop function seed_sha256(text)',
  'drop function seed_pick(text[], double precision)',
];

export function list(values: readonly string[]): string {
  return `(array[${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')}])`;
}
