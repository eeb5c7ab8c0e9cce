ALTER TABLE "downloads" ADD COLUMN "version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "changed_in" "xid8";--> statement-breakpoint
CREATE INDEX "downloads_changed_idx" ON "downloads" USING btree ("changed_in");
--> statement-breakpoint
-- Every change of what people are shown of a download is counted and found again by its transaction. The NOTIFY only says
-- that there is something to read; it is the same for all that a transaction changes, and so sent once.
create function note_download_change() returns trigger language plpgsql as $$
begin
  new.version := case when tg_op = 'INSERT' then 1 else old.version + 1 end;
  new.changed_in := pg_current_xact_id();
  perform pg_notify('sheaf_changes',
    case when tg_op = 'INSERT' or old.state is distinct from new.state then 'states' else 'progress' end);
  return new;
end
$$;
--> statement-breakpoint
create trigger downloads_inserted before insert on downloads
  for each row execute function note_download_change();
--> statement-breakpoint
-- Not heartbeats without progress, nor decisions that are noted.
create trigger downloads_changed before update on downloads
  for each row when (
    (old.name, old.state, old.included, old.excluded, old.entries_done, old.entries_total, old.bytes_done, old.bytes_total,
      old.cancel_requested_at, old.error, old.content_ends_at, old.ready_at, old.expires_at, old.version)
    is distinct from
    (new.name, new.state, new.included, new.excluded, new.entries_done, new.entries_total, new.bytes_done, new.bytes_total,
      new.cancel_requested_at, new.error, new.content_ends_at, new.ready_at, new.expires_at, new.version)
  ) execute function note_download_change();
--> statement-breakpoint
create function notify_workers_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('sheaf_changes', 'workers');
  return null;
end
$$;
--> statement-breakpoint
create trigger workers_changed after insert or update or delete on workers
  for each statement execute function notify_workers_changed();
--> statement-breakpoint
-- Somebody's session, token or rights have changed: what is open for them is checked at once.
create function notify_access_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('sheaf_changes', 'access ' || case when tg_table_name = 'users' then to_jsonb(old) ->> 'id' else to_jsonb(old) ->> 'user_id' end);
  return null;
end
$$;
--> statement-breakpoint
create trigger sessions_access after delete or update of expires_at on sessions
  for each row execute function notify_access_changed();
--> statement-breakpoint
create trigger api_tokens_access after delete or update of revoked_at, expires_at on api_tokens
  for each row execute function notify_access_changed();
--> statement-breakpoint
create trigger users_access after update of role, disabled_at on users
  for each row execute function notify_access_changed();
