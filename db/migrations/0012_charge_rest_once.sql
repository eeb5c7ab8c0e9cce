-- A download whose rest took its place is not charged beside it, unless nothing came of the rest. A rest that starts over
-- is the exception itself: what it replaces is still not charged.
create or replace function quota_charges(members uuid[], since timestamptz, except_download uuid)
returns table (at timestamptz, bytes bigint) language sql stable as $$
  select d.charged_at, d.bytes_total from downloads d
  where d.requester_id = any (members) and d.charged_at > since and d.state not in ('failed', 'cancelled')
    and d.id is distinct from except_download
    and not exists (
      select from downloads rest
      where rest.rest_of = d.id and (rest.state not in ('failed', 'cancelled') or rest.id = except_download)
    )
  union all
  select a.at, a.bytes_sent from accesses a where a.user_id = any (members) and a.charged and a.at > since
$$;
