-- The audit log is append-only. Three things see to it: triggers refuse every change, whoever asks; rows are added by
-- one function, which runs under a role that may insert and read and nothing else; and each row's hash depends on all
-- rows before it. No backup of this database holds the role, so that each `migrate` sets it up anew where it can: db/src/audit/secure-audit-log.ts.

create function refuse_audit_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end
$$;
--> statement-breakpoint
create trigger audit_events_unchanged before update or delete on audit_events
  for each row execute function refuse_audit_change();
--> statement-breakpoint
create trigger audit_events_kept before truncate on audit_events
  for each statement execute function refuse_audit_change();
--> statement-breakpoint
-- Also in sessions that replay another server's changes, where ordinary triggers are silent.
alter table audit_events enable always trigger audit_events_unchanged;
--> statement-breakpoint
alter table audit_events enable always trigger audit_events_kept;
--> statement-breakpoint
-- Waits for whoever is appending, until that transaction ends: rows have no gaps, and no two the same predecessor.
create function append_audit_event(
  event_at timestamptz, event_actor uuid, event_action text, event_download uuid, event_asset uuid,
  event_licence uuid, event_record text
) returns bigint language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  last_seq bigint;
  last_hash bytea;
begin
  perform pg_advisory_xact_lock(7434324);
  select seq, hash into last_seq, last_hash from public.audit_events order by seq desc limit 1;
  last_seq := coalesce(last_seq, 0) + 1;
  last_hash := coalesce(last_hash, decode(repeat('00', 32), 'hex'));
  insert into public.audit_events
    (seq, at, actor_id, action, download_id, asset_id, licence_id, record, previous_hash, hash)
  values (
    last_seq, event_at, event_actor, event_action, event_download, event_asset, event_licence, event_record, last_hash,
    sha256(last_hash || convert_to(last_seq::text || E'\n' || event_record, 'UTF8'))
  );
  return last_seq;
end
$$;
--> statement-breakpoint
revoke all on audit_events from public;
--> statement-breakpoint
revoke execute on function append_audit_event(timestamptz, uuid, text, uuid, uuid, uuid, text) from public;
