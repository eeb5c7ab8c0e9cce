import { list } from './seed-functions.ts';

const occasions = [
  'Spring campaign',
  'Press kit',
  'Trade fair',
  'Catalogue',
  'Newsletter',
  'Store opening',
  'Für die Agentur',
  'Banner',
  'Annual report',
  'حملة الربيع',
  'Été',
  '<b>bold</b> & co',
];
const errors = [
  ['storage.unavailable', 'The storage cannot be reached.'],
  ['download.worker_lost', 'Its worker ended three times without a result.'],
  ['blob.corrupt', 'A stored file is not what was recorded.'],
  ['render.failed', 'A rendition could not be made.'],
  ['storage.full', 'There is no room left in the storage.'],
  ['download.empty', 'Nothing of what was asked for may be had any more.'],
  ['internal', 'Something went wrong.'],
] as const;
const reasons = [
  'asset.expired',
  'licence.not_accepted',
  'asset.not_approved',
  'rendition.none_available',
  'blob.missing',
  'visibility.originals_off',
];
export const daysBack = 90;

/**
 * Downloads of the last 90 days, more of them of late and by day than before and by night, by a few requesters mostly;
 * with one item for each asset. Those of the last minutes are still under way.
 */
export function seedDownloads(downloads: number, { people, assets }: { people: number; assets: number }): string[] {
  return [
    `create temp table seed_moments as
     select row_number() over (order by at) as n, at from (
       select date_trunc('milliseconds', case when warped > seed_now() then plain else warped end) as at
       from generate_series(1, ${downloads}) i,
       lateral (select seed_now() - interval '${daysBack} days' * power(seed_chance(i, 20), 1.2) as plain) as even,
       lateral (select date_trunc('day', plain, 'UTC') + interval '1 day' * (day + 0.11 * sin(2 * pi() * (day - 0.06))) as warped
         from (select extract(epoch from plain - date_trunc('day', plain, 'UTC')) / 86400.0::float8 as day) as part) as busy
     ) as moments`,
    `create temp table seed_items as
     select n, at, position, seed_chance(n * 64 + position, 21) < 0.94 or position = 0 as included,
       1 + (floor(${assets} * power(seed_chance(n, 22), 2))::bigint + position * 7919) % ${assets} as asset
     from seed_moments, lateral generate_series(0, least(39, floor(-ln(1 - seed_chance(n, 23)) * 2)::int)) as position`,
    'analyze seed_items',
    `create temp table seed_downloads as
     select m.n, m.at, seed_id(m.at, m.n, 24) as id, p.id as requester_id, i.included, i.excluded, i.bytes,
       m.at + wait as started_at, m.at + wait + work as ready_at,
       case
         when m.at + wait + work > seed_now() or (m.at > seed_now() - interval '4 minutes' and chance < 0.4) then
           (array['requested', 'queued', 'gathering', 'packing'])[1 + floor(chance * 10)::int % 4]
         when chance < 0.045 then 'failed' when chance < 0.08 then 'cancelled' when chance < 0.09 then 'revoked'
         when m.at + wait + work > seed_now() - interval '7 days' then 'ready' else 'expired'
       end as state
     from seed_moments m
     join (
       select i.n, count(*) filter (where included)::int as included, count(*) filter (where not included)::int as excluded,
         sum(f.size) filter (where included) as bytes
       from seed_items i join seed_files f on f.n = asset group by i.n
     ) as i using (n)
     join seed_people p on p.n = 3 + floor(${people - 2} * power(seed_chance(m.n, 25), 3))::int,
     lateral (select seed_chance(m.n, 26) as chance, interval '1 ms' * (4 + 400 * exp(6 * power(seed_chance(m.n, 27), 4))) as wait,
       interval '1 ms' * (30 + i.bytes / 400000.0 * exp(4 * power(seed_chance(m.n, 28), 6))) as work) as luck`,
    'create unique index on seed_downloads (n)',
    'analyze seed_downloads',
    insertDownloads,
    insertItems,
  ];
}

const open = `state in ('requested', 'queued', 'gathering', 'packing')`;
const claimed = `state in ('gathering', 'packing')`;
const published = `state in ('ready', 'expired', 'revoked')`;

const insertDownloads = `
  insert into downloads (id, requester_id, name, state, request, background, included, excluded, entries_done, entries_total,
    bytes_done, bytes_total, epoch, lease_until, worker_id, error, created_at, charged_at, started_at, ready_at,
    finished_at, expires_at, objects_removed_at, ip_address, failure, delivery)
  select id, requester_id, name, state,
    jsonb_build_object('name', name, 'renditions', 'originals', 'renditionIds', null, 'renditionNames', null,
      'layout', 'flat', 'format', case when chance < 0.9 then 'zip' else 'tar' end, 'compression', 'store', 'partSize', null,
      'withoutLicences', '[]'::jsonb, 'expiredAssets', 'exclude', 'unavailable', 'skip',
      'notify', '{"email": null, "to": []}'::jsonb),
    included + excluded > 10 or bytes > 100000000, included, excluded,
    case when ${published} then included else 0 end, included, case when ${published} then bytes else 0 end, bytes,
    case when state in ('requested', 'queued') then 0 else 2 end,
    case when ${claimed} then seed_now() + interval '15 seconds' end, case when ${claimed} then 'bench-worker-' || n % 3 end,
    case when state = 'failed' then error end,
    at, at, case when state not in ('requested', 'queued') then started_at end, case when ${published} then ready_at end,
    case state when 'expired' then ready_at + interval '7 days' when 'revoked' then ready_at + interval '1 day'
      when 'failed' then ready_at when 'cancelled' then ready_at end,
    case when ${published} then ready_at + interval '7 days' end,
    case when not (${open}) and state <> 'ready' then seed_now() end,
    '192.0.2.' || n % 250, case when state = 'failed' then error ->> 'code' || case when n % 3 = 0 then '/pack' else '/gather' end end,
    case when ${published} then case when n % 4 = 0 then 'packed' else 'streamed' end end
  from seed_downloads, lateral (select seed_chance(n, 30) as chance,
    seed_pick(${list(occasions)}, seed_chance(n, 29)) || ' ' || n as name,
    (${jsonErrors()})[1 + floor(${errors.length} * power(seed_chance(n, 31), 2))::int] as error) as details
  order by n`;

function jsonErrors(): string {
  const values = errors.map(([code, message]) => `'${JSON.stringify({ code, message })}'::jsonb`);
  return `array[${values.join(', ')}]`;
}

const insertItems = `
  insert into download_items (download_id, position, asset_id, title, outcome, reason, part, entries)
  select d.id, i.position, a.id, a.title, case when i.included then 'included' else 'excluded' end,
    case when not i.included then seed_pick(${list(reasons)}, seed_chance(i.n * 64 + i.position, 32)) end,
    case when i.included then 1 end,
    case when i.included then jsonb_build_array(jsonb_build_object('path', a.file_name, 'kind', 'original', 'name', 'original',
      'size', f.size, 'sha256', f.sha256, 'crc32', f.crc32, 'renditionId', f.id, 'presetId', null,
      'mediaType', f.media_type, 'modifiedAt', to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) else '[]' end
  from seed_items i join seed_downloads d using (n) join seed_assets a on a.n = i.asset join seed_files f on f.n = i.asset
  order by i.n, i.position`;
