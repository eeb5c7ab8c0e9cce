import { list } from './seed-functions.ts';

const subjects = [
  'Harbour',
  'Orchard',
  'Night market',
  'Rooftop',
  'Glacier',
  'Workshop',
  'Product shot',
  'Portrait',
  'Skyline',
  'Vineyard',
  'Café',
  'Straße',
  'ميناء',
  'Festival',
  'Locomotive',
  'Still life',
];
const moods = [
  'at dusk',
  'in the rain',
  'from above',
  'close-up',
  'with people',
  'in winter',
  'black and white',
  'for print',
  'final',
  'v2',
];
const licences = 40;
/** Name, share of the original's bytes. */
const files = [
  ['original', 1],
  ['thumbnail', 0.004],
  ['web', 0.06],
  ['print', 0.7],
] as const;

/** Assets with an original and three static renditions each, under licences or none; without any stored bytes. */
export function seedCatalogue(assets: number): string[] {
  return [
    `insert into blobs (sha256, size, crc32) select seed_sha256('terms ' || n), 80000 + n, n from generate_series(1, ${licences}) n`,
    `insert into licences (id, title, approved, document_sha256, version, expires_at)
     select seed_id(seed_now() - interval '390 days', n, 5), 'Licence ' || n, n % 13 <> 0, seed_sha256('terms ' || n), 1,
       case when n % 9 = 0 then seed_now() + (n - 20) * interval '3 days' end
     from generate_series(1, ${licences}) n`,
    `insert into licence_versions (licence_id, number, document_sha256)
     select id, 1, document_sha256 from licences`,
    `create temp table seed_assets as
     select n, at, seed_id(at, n, 6) as id,
       ${list(subjects)}[1 + n % ${subjects.length}] || ' ' || ${list(moods)}[1 + n / 7 % ${moods.length}] || ' ' || n as title,
       'Brand ' || n % 9 || '/' || (2020 + n % 7) || '/Series ' || n / 300 as folder,
       'IMG_' || lpad(n::text, 6, '0') || case when kind < 0.8 then '.jpg' when kind < 0.9 then '.tif' when kind < 0.96 then '.pdf' else '.mp4' end as file_name,
       case when kind < 0.8 then 'image/jpeg' when kind < 0.9 then 'image/tiff' when kind < 0.96 then 'application/pdf' else 'video/mp4' end as media_type,
       floor(200000 * exp(5 * seed_chance(n, 7)))::bigint as size,
       case when seed_chance(n, 9) < 0.4 then seed_id(seed_now() - interval '390 days', 1 + n % ${licences}, 5) end as licence_id
     from (
       select n::bigint, seed_now() - interval '380 days' * (1 - n / ${assets + 1}.0) as at, seed_chance(n, 8) as kind
       from generate_series(1, ${assets}) n
     ) as asset`,
    'create unique index on seed_assets (n)',
    'analyze seed_assets',
    `insert into assets (id, title, folder, file_name, media_type, status, expires_at, licence_id, modified_at, created_at, updated_at)
     select id, title, folder, file_name, media_type,
       case when seed_chance(n, 10) < 0.93 then 'approved' when seed_chance(n, 10) < 0.98 then 'draft' else 'rejected' end,
       case when seed_chance(n, 11) < 0.1 then seed_now() + (seed_chance(n, 12) - 0.3) * interval '300 days' end,
       licence_id, at, at, at
     from seed_assets`,
    `create temp table seed_files as
     select a.n, a.id as asset_id, a.at, a.file_name, a.media_type, number, name,
       seed_sha256(a.n || name) as sha256, greatest(1000, floor(a.size * share))::bigint as size,
       hashint8extended(a.n, 100 + number::int) & 4294967295 as crc32,
       seed_id(a.at, a.n, 100 + number::int) as id
     from seed_assets a, unnest(${list(files.map(([name]) => name))}, array[${files.map(([, share]) => share).join(', ')}]) with ordinality as file(name, share, number)`,
    'insert into blobs (sha256, size, crc32, created_at) select sha256, size, crc32, at from seed_files',
    `insert into renditions (id, asset_id, kind, name, state, media_type, file_name, width, height, blob_sha256, created_at)
     select id, asset_id, case number when 1 then 'original' else 'static' end, name, 'ready',
       case number when 1 then media_type else 'image/jpeg' end, case number when 1 then '' else name || '-' end || file_name,
       4000, 3000, sha256, at
     from seed_files`,
    'delete from seed_files where number <> 1',
    'create unique index on seed_files (n)',
    'analyze seed_files',
  ];
}
