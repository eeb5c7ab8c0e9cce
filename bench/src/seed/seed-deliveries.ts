const published = `state in ('ready', 'expired', 'revoked')`;

/** What downloads leave behind: parts, links, accesses, notifications, acceptances. */
export const seedDeliveries = [
  `insert into bundle_parts (download_id, number, delivery, object_key, file_name, media_type, size, etag, entries, created_at)
   select id, 1, case when n % 4 = 0 then 'packed' else 'streamed' end, 'bundles/' || id || '/1', 'download-' || n || '.zip', 'application/zip', bytes + 1000,
     '"' || md5(n::text) || '"', included, ready_at
   from seed_downloads where ${published} order by n`,
  `insert into links (id, download_id, token_hash, created_by, created_at, expires_at, revoked_at)
   select seed_id(ready_at, n, 40), id, sha256(('link ' || n)::bytea), requester_id, ready_at, ready_at + interval '7 days',
     case when state = 'revoked' then ready_at + interval '1 day' end
   from seed_downloads where ${published} order by n`,
  `insert into accesses (id, link_id, download_id, part, user_id, ip_address, user_agent, status, range_start, bytes_sent, at)
   select seed_id(read_at, n, 50 + number), link_id, id, 1, requester_id, '198.51.100.' || n % 250, 'Mozilla/5.0', status,
     case when status = 206 then bytes / 2 end, case status when 200 then bytes + 1000 when 206 then bytes / 2 else 0 end, read_at
   from (
     select d.*, number, seed_id(ready_at, n, 40) as link_id,
       least(seed_now(), ready_at + interval '6 days' * power(seed_chance(n * 8 + number, 41), 5)) as read_at,
       case when seed_chance(n * 8 + number, 42) < 0.85 then 200 when seed_chance(n * 8 + number, 42) < 0.97 then 206 else 410 end as status
     from seed_downloads d, lateral generate_series(1, floor(4 * power(seed_chance(n, 43), 1.7))::int) as number
     where ${published}
   ) as access order by read_at`,
  `insert into notifications (id, download_id, event, epoch, channel, recipient, state, attempts, created_at, delivered_at)
   select seed_id(coalesce(ready_at, d.at), n, 60), d.id, case when state = 'failed' then 'download.failed' else 'download.ready' end, 2, 'email', email,
     'delivered', 1, ready_at, ready_at + interval '1 second'
   from seed_downloads d join users on users.id = requester_id
   where (${published} or state = 'failed') and seed_chance(n, 61) < 0.5 order by n`,
  `insert into acceptances (id, user_id, licence_id, version, sha256, download_id, ip_address, accepted_at)
   select seed_id(d.at, d.n, 70), d.requester_id, a.licence_id, 1, l.document_sha256, d.id, '192.0.2.' || d.n % 250, d.at
   from seed_downloads d join seed_items i on i.n = d.n and i.position = 0 join seed_assets a on a.n = i.asset
   join licences l on l.id = a.licence_id order by d.n`,
];
