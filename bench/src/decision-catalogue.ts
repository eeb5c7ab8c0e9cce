import type { Executor } from '@sheaf/db/database';

export const licencesInUse = 40;

/** Renditions of each asset, the original first. */
const names = ['original', 'thumbnail', 'web', 'print'];

/**
 * Fills an empty catalogue with so many assets of four ready files each, under 40 licences that the user has accepted,
 * without any stored bytes. Gives the assets' ids in an order that is not that of the rows.
 */
export async function fillCatalogue(orm: Executor, assets: number, userId: string): Promise<string[]> {
  const sha256 = (text: string) => `encode(sha256((${text})::text::bytea), 'hex')`;
  const statements = [
    `insert into blobs (sha256, size, crc32)
     select ${sha256('n')}, 1000 + n, n from generate_series(1, ${assets * names.length + licencesInUse}) n`,
    `insert into licences (id, title, approved, document_sha256, version)
     select gen_random_uuid(), 'Licence ' || n, true, ${sha256(`${assets * names.length} + n`)}, 1
     from generate_series(1, ${licencesInUse}) n`,
    `insert into acceptances (id, user_id, licence_id, version, sha256)
     select gen_random_uuid(), '${userId}', id, version, document_sha256 from licences`,
    `insert into assets (id, title, folder, file_name, media_type, status, licence_id, modified_at, expires_at)
     select uuidv7(), 'Picture ' || n, 'Campaigns/' || n % 50, 'IMG_' || n || '.jpg', 'image/jpeg', 'approved',
       (select array_agg(id) from licences)[n % ${licencesInUse} + 1], now() - n * interval '1 second',
       case when n % 20 = 0 then now() + interval '10 days' end
     from generate_series(1, ${assets}) n`,
    `insert into renditions (id, asset_id, kind, name, state, media_type, file_name, width, height, blob_sha256)
     select uuidv7(), a.id, case number when 1 then 'original' else 'static' end, name, 'ready', 'image/jpeg',
       case number when 1 then '' else name || '-' end || file_name, 4000, 3000,
       ${sha256(`(a.place - 1) * ${names.length} + number`)}
     from (select *, row_number() over (order by id) as place from assets where folder like 'Campaigns/%') a,
       unnest(array['${names.join("', '")}']) with ordinality as rendition(name, number)`,
    'analyze',
  ];
  for (const statement of statements) await orm.execute(statement);
  const rows = await orm.execute(`select id from assets where folder like 'Campaigns/%' order by md5(id::text)`);
  return (rows as unknown as { id: string }[]).map(({ id }) => id);
}
