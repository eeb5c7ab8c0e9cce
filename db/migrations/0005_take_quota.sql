-- Quotas are counted from what was really asked for and sent (`downloads`, `accesses`), never from counters, and judged
-- by one statement that first waits for whoever shares them. `take_quota` is volatile, so that every statement in it
-- sees what was committed until then.

-- The quotas that a user is under: their own, or else the configuration's for everyone, and those of their groups.
create function quotas_of(for_user uuid) returns table (
  subject_kind text, subject_id uuid, subject_name text, max_bytes bigint, period_hours integer, max_downloads integer,
  max_assets integer, members uuid[]
) language sql stable as $$
  select 'user', u.id, u.name, q.bytes, coalesce(q.hours, 24), q.downloads, q.assets, array[u.id]
  from users u
  cross join lateral (
    select own.quota_bytes, own.quota_period_hours, own.quota_concurrent_downloads, own.quota_assets_per_download
    from user_quotas own where own.user_id = u.id
    union all
    select (v.quota ->> 'bytes')::bigint, (v.quota ->> 'periodHours')::integer,
      (v.quota ->> 'concurrentDownloads')::integer, (v.quota ->> 'assetsPerDownload')::integer
    from (select configuration -> 'quota' as quota from visibility_versions order by version desc limit 1) v
    where not exists (select from user_quotas own where own.user_id = u.id)
  ) q (bytes, hours, downloads, assets)
  where u.id = for_user and (q.bytes is not null or q.downloads is not null or q.assets is not null)
  union all
  select 'group', g.id, g.name, g.quota_bytes, coalesce(g.quota_period_hours, 24), g.quota_concurrent_downloads,
    g.quota_assets_per_download, (select array_agg(distinct m.user_id) from group_members m where m.group_id = g.id)
  from groups g
  where exists (select from group_members m where m.group_id = g.id and m.user_id = for_user)
    and (g.quota_bytes is not null or g.quota_concurrent_downloads is not null
      or g.quota_assets_per_download is not null)
$$;
--> statement-breakpoint
-- What counts against a quota of bytes, but for one download: what was asked for and did not come to nothing, and
-- files that were sent as they are.
create function quota_charges(members uuid[], since timestamptz, except_download uuid)
returns table (at timestamptz, bytes bigint) language sql stable as $$
  select d.charged_at, d.bytes_total from downloads d
  where d.requester_id = any (members) and d.charged_at > since and d.state not in ('failed', 'cancelled')
    and d.id is distinct from except_download
  union all
  select a.at, a.bytes_sent from accesses a where a.user_id = any (members) and a.charged and a.at > since
$$;
--> statement-breakpoint
create function open_downloads(members uuid[], except_download uuid) returns bigint language sql stable as $$
  select count(*) from downloads d
  where d.requester_id = any (members) and d.state in ('requested', 'queued', 'gathering', 'packing')
    and d.id is distinct from except_download
$$;
--> statement-breakpoint
-- What each quota of a user has used up by `asked_at`.
create function quota_use(for_user uuid, asked_at timestamptz) returns table (
  subject_kind text, subject_id uuid, subject_name text, max_bytes bigint, period_hours integer, max_downloads integer,
  max_assets integer, used_bytes bigint, used_downloads bigint
) language sql stable as $$
  select q.subject_kind, q.subject_id, q.subject_name, q.max_bytes, q.period_hours, q.max_downloads, q.max_assets,
    (select coalesce(sum(c.bytes), 0)::bigint
      from quota_charges(q.members, asked_at - make_interval(hours => q.period_hours), null) c),
    open_downloads(q.members, null)
  from quotas_of(for_user) q
$$;
--> statement-breakpoint
-- Judges what a user asks for. No row: allowed. Else the limit in the way that takes longest to give way, with the
-- seconds until it may. `hold` makes others who share a quota wait until the transaction ends: the user's row first,
-- then those of groups by id, so that no two wait for each other.
create function take_quota(
  for_user uuid, asked_at timestamptz, asked_assets bigint, asked_downloads bigint, asked_bytes bigint,
  except_download uuid, hold boolean
) returns table (
  limit_kind text, subject_kind text, subject_id uuid, subject_name text, max_value bigint, used_value bigint,
  asked_value bigint, retry_after integer
) language plpgsql as $$
#variable_conflict use_column
declare
  -- An open download ends when it ends; nobody can say when.
  busy_seconds constant integer := 15;
begin
  if not exists (select from quotas_of(for_user)) then
    return;
  end if;
  if hold then
    perform from users u where u.id = for_user for no key update;
    perform from groups g
      where g.id in (select q.subject_id from quotas_of(for_user) q where q.subject_kind = 'group')
      order by g.id for no key update;
  end if;
  return query
  with quota as materialized (select * from quotas_of(for_user)),
  verdict (limit_kind, subject_kind, subject_id, subject_name, max_value, used_value, asked_value, retry_after) as (
    select 'assetsPerDownload', q.subject_kind, q.subject_id, q.subject_name, q.max_assets::bigint, 0::bigint,
      asked_assets, q.period_hours * 3600
    from quota q where asked_assets > q.max_assets
    union all
    select 'concurrentDownloads', q.subject_kind, q.subject_id, q.subject_name, q.max_downloads::bigint, o.open,
      asked_downloads, case when asked_downloads > q.max_downloads then q.period_hours * 3600 else busy_seconds end
    from quota q cross join lateral (select open_downloads(q.members, except_download)) o (open)
    where q.max_downloads is not null and asked_downloads > 0 and o.open + asked_downloads > q.max_downloads
    union all
    select 'bytes', q.subject_kind, q.subject_id, q.subject_name, q.max_bytes, used.bytes, asked_bytes,
      coalesce(
        (select greatest(1, ceil(extract(epoch from c.at + period.length - asked_at)))::integer
          from (
            select c.at, sum(c.bytes) over (order by c.at) as gone
            from quota_charges(q.members, asked_at - period.length, except_download) c
          ) c
          where used.bytes - c.gone + asked_bytes <= q.max_bytes
          order by c.at limit 1),
        q.period_hours * 3600)
    from quota q
    cross join lateral (select make_interval(hours => q.period_hours)) period (length)
    cross join lateral (
      select coalesce(sum(c.bytes), 0)::bigint
      from quota_charges(q.members, asked_at - period.length, except_download) c
    ) used (bytes)
    where q.max_bytes is not null and asked_bytes > 0 and used.bytes + asked_bytes > q.max_bytes
  )
  select * from verdict order by retry_after desc, subject_kind desc, limit_kind limit 1;
end
$$;
