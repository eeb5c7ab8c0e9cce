CREATE TABLE "decisive_changes" (
	"transaction" "xid8" PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "decided_in" text;--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "decided_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "content_ends_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "decisive_changes_at_idx" ON "decisive_changes" USING btree ("at");
--> statement-breakpoint
-- A moment: everything that was committed before it is visible in its snapshot. Transactions are counted anew after a
-- restore into another server, which also starts anew: a moment of another start stands for nothing.
create function decisive_moment() returns text language sql stable as $$
  select extract(epoch from pg_postmaster_start_time())::text || ' ' || pg_current_snapshot()::text
$$;
--> statement-breakpoint
-- Whether nothing was committed since that moment that could change a decision to somebody's disadvantage. False where it
-- cannot be known: changes are kept for seven days.
create function nothing_decisive_since(moment text, at timestamptz) returns boolean language sql stable as $$
  select coalesce(
    split_part(moment, ' ', 1) = extract(epoch from pg_postmaster_start_time())::text
      and at > now() - interval '6 days'
      and not exists (
        select from decisive_changes
        where transaction >= pg_snapshot_xmin(split_part(moment, ' ', 2)::pg_snapshot)
          and not pg_visible_in_snapshot(transaction, split_part(moment, ' ', 2)::pg_snapshot)
      ),
    false)
$$;
--> statement-breakpoint
create function note_decisive_change() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' or old is distinct from new then
    insert into decisive_changes (transaction) values (pg_current_xact_id()) on conflict do nothing;
  end if;
  return null;
end
$$;
--> statement-breakpoint
create trigger assets_decisive after update or delete on assets
  for each row execute function note_decisive_change();
--> statement-breakpoint
-- One that is made for the first time takes nothing from anybody.
create trigger renditions_decisive after update or delete on renditions
  for each row when (old.state = 'ready') execute function note_decisive_change();
--> statement-breakpoint
create trigger blobs_decisive after update of fault on blobs
  for each row when (old.fault is distinct from new.fault) execute function note_decisive_change();
--> statement-breakpoint
create trigger licences_decisive after update or delete on licences
  for each row execute function note_decisive_change();
--> statement-breakpoint
create trigger presets_decisive after update or delete on presets
  for each row execute function note_decisive_change();
--> statement-breakpoint
create trigger groups_decisive after update or delete on groups
  for each row execute function note_decisive_change();
--> statement-breakpoint
create trigger group_members_decisive after insert or update or delete on group_members
  for each row execute function note_decisive_change();
--> statement-breakpoint
create trigger visibility_versions_decisive after insert or update or delete on visibility_versions
  for each row execute function note_decisive_change();
--> statement-breakpoint
create trigger acceptances_decisive after update or delete on acceptances
  for each row execute function note_decisive_change();
--> statement-breakpoint
create trigger users_decisive after update of role, dynamic_renditions, disabled_at on users
  for each row when (
    (old.role, old.dynamic_renditions, old.disabled_at) is distinct from (new.role, new.dynamic_renditions, new.disabled_at)
  ) execute function note_decisive_change();
