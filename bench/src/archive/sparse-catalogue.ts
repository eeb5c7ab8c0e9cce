import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { BenchSystem } from '../bench-system.ts';

export interface SparseCatalogue {
  /** Names the assets' folder; no two of one system have the same. */
  name: string;
  assets: number;
  /** Bytes of each one's file. */
  size: number;
}

const licences = 40;
const licenceBytes = 10_000;

/**
 * Approved assets, each with a file of its own that is nothing but a hole: the right size and CRC-32 and no bytes on the
 * disk. They are under 40 licences that the user has accepted. Gives the assets' ids, not in the order of the rows.
 */
export async function fillSparseCatalogue(
  { db, storage, userId }: Pick<BenchSystem, 'db' | 'storage' | 'userId'>,
  { name, assets, size }: SparseCatalogue,
): Promise<string[]> {
  const inDatabase = (what: string) => `encode(sha256(('${name} ${what} ' || n)::bytea), 'hex')`;
  for (const [what, count, bytes] of [
    ['licence', licences, licenceBytes],
    ['asset', assets, size],
  ] as const) {
    for (let n = 1; n <= count; n += 1) {
      writeHole(storage.blobs.path(createHash('sha256').update(`${name} ${what} ${n}`).digest('hex'))!, bytes);
    }
    await db.orm.execute(`insert into blobs (sha256, size, crc32)
      select ${inDatabase(what)}, ${bytes}, ${crcOfZeros(bytes)} from generate_series(1, ${count}) n`);
  }
  const statements = [
    `insert into licences (id, title, approved, document_sha256, version)
     select gen_random_uuid(), '${name} ' || n, true, ${inDatabase('licence')}, 1 from generate_series(1, ${licences}) n`,
    `insert into acceptances (id, user_id, licence_id, version, sha256)
     select gen_random_uuid(), '${userId}', id, version, document_sha256
     from licences where title like '${name} %'`,
    `insert into assets (id, title, folder, file_name, media_type, status, licence_id, modified_at)
     select uuidv7(), 'Picture ' || n, '${name}/' || n % 50, 'IMG_' || n || '.jpg', 'image/jpeg', 'approved',
       (select array_agg(id) from licences where title like '${name} %')[n % ${licences} + 1],
       now() - n * interval '1 second'
     from generate_series(1, ${assets}) n`,
    `insert into renditions (id, asset_id, kind, name, state, media_type, file_name, blob_sha256)
     select uuidv7(), id, 'original', 'original', 'ready', 'image/jpeg', '', ${inDatabase('asset')}
     from (select id, replace(title, 'Picture ', '')::integer as n from assets where folder like '${name}/%') asset`,
    'vacuum analyze',
  ];
  for (const statement of statements) await db.orm.execute(statement);
  const rows = await db.orm.execute(`select id from assets where folder like '${name}/%' order by md5(id::text)`);
  return (rows as unknown as { id: string }[]).map(({ id }) => id);
}

function writeHole(file: string, size: number): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const descriptor = openSync(file, 'w');
  ftruncateSync(descriptor, size);
  closeSync(descriptor);
}

function crcOfZeros(size: number): number {
  const zeros = Buffer.alloc(1_048_576);
  let crc = 0;
  for (let left = size; left > 0; left -= zeros.length)
    crc = crc32(zeros.subarray(0, Math.min(left, zeros.length)), crc);
  return crc;
}
