CREATE TABLE "bulk_action_targets" (
	"action_id" uuid NOT NULL,
	"download_id" uuid NOT NULL,
	"epoch" integer NOT NULL,
	"result" text,
	"code" text,
	"message" text,
	"rest_id" uuid,
	"at" timestamp (3) with time zone,
	CONSTRAINT "bulk_action_targets_action_id_download_id_pk" PRIMARY KEY("action_id","download_id")
);
--> statement-breakpoint
CREATE TABLE "bulk_actions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"filter" jsonb NOT NULL,
	"reason" text,
	"state" text NOT NULL,
	"created_by" uuid NOT NULL,
	"request_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"cancel_requested_at" timestamp (3) with time zone,
	"total" integer NOT NULL,
	"people" integer NOT NULL,
	"bytes" bigint NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"skipped" integer DEFAULT 0 NOT NULL,
	"epoch" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "download_licences" (
	"licence_id" uuid NOT NULL,
	"download_id" uuid NOT NULL,
	CONSTRAINT "download_licences_licence_id_download_id_pk" PRIMARY KEY("licence_id","download_id")
);
--> statement-breakpoint
CREATE TABLE "download_names" (
	"download_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "download_steps" (
	"download_id" uuid NOT NULL,
	"epoch" integer NOT NULL,
	"step" text NOT NULL,
	"worker_id" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"outcome" text,
	"error_code" text,
	"error_message" text,
	"error_stack" text,
	CONSTRAINT "download_steps_download_id_epoch_pk" PRIMARY KEY("download_id","epoch")
);
--> statement-breakpoint
DROP INDEX "download_items_asset_idx";--> statement-breakpoint
DROP INDEX "downloads_created_idx";--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "failure" text;--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "queued_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "delivery" text;--> statement-breakpoint
ALTER TABLE "bulk_action_targets" ADD CONSTRAINT "bulk_action_targets_action_id_bulk_actions_id_fk" FOREIGN KEY ("action_id") REFERENCES "public"."bulk_actions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_actions" ADD CONSTRAINT "bulk_actions_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "download_licences" ADD CONSTRAINT "download_licences_licence_id_licences_id_fk" FOREIGN KEY ("licence_id") REFERENCES "public"."licences"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "download_licences" ADD CONSTRAINT "download_licences_download_id_downloads_id_fk" FOREIGN KEY ("download_id") REFERENCES "public"."downloads"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "download_names" ADD CONSTRAINT "download_names_download_id_downloads_id_fk" FOREIGN KEY ("download_id") REFERENCES "public"."downloads"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "download_steps" ADD CONSTRAINT "download_steps_download_id_downloads_id_fk" FOREIGN KEY ("download_id") REFERENCES "public"."downloads"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bulk_action_targets_open_idx" ON "bulk_action_targets" USING btree ("action_id","download_id") WHERE result is null;--> statement-breakpoint
CREATE INDEX "bulk_actions_open_idx" ON "bulk_actions" USING btree ("id") WHERE state in ('previewed', 'queued', 'running');--> statement-breakpoint
CREATE INDEX "bulk_actions_confirmed_idx" ON "bulk_actions" USING btree ("id") WHERE state <> 'previewed';--> statement-breakpoint
CREATE INDEX "download_licences_download_idx" ON "download_licences" USING btree ("download_id");--> statement-breakpoint
CREATE INDEX "download_names_trigram_idx" ON "download_names" USING gin ("name" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "users_trigram_idx" ON "users" USING gin ("name" gin_trgm_ops,"email" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "renditions_failed_idx" ON "renditions" USING btree ("kind","name") WHERE state = 'failed';--> statement-breakpoint
CREATE INDEX "downloads_state_created_idx" ON "downloads" USING btree ("state","created_at","id");--> statement-breakpoint
CREATE INDEX "downloads_requester_created_idx" ON "downloads" USING btree ("requester_id","created_at","id");--> statement-breakpoint
CREATE INDEX "downloads_error_idx" ON "downloads" USING btree ((error ->> 'code'),"created_at","id") WHERE error is not null;--> statement-breakpoint
CREATE INDEX "downloads_failure_idx" ON "downloads" USING btree ("failure","created_at","id") WHERE failure is not null;--> statement-breakpoint
CREATE INDEX "downloads_size_idx" ON "downloads" USING btree ("bytes_total","id");--> statement-breakpoint
CREATE INDEX "downloads_unready_idx" ON "downloads" USING btree ("charged_at","id") WHERE state in ('requested', 'queued', 'gathering', 'packing');--> statement-breakpoint
CREATE INDEX "downloads_failed_idx" ON "downloads" USING btree ("finished_at","failure","requester_id","id") WHERE failure is not null;--> statement-breakpoint
CREATE INDEX "download_items_asset_idx" ON "download_items" USING btree ("asset_id","download_id");--> statement-breakpoint
CREATE INDEX "downloads_created_idx" ON "downloads" USING btree ("created_at","id");
--> statement-breakpoint
create function note_download_name() returns trigger language plpgsql as $$
begin
  insert into download_names (download_id, name) values (new.id, new.name)
  on conflict (download_id) do update set name = excluded.name;
  return null;
end
$$;
--> statement-breakpoint
create trigger downloads_name_inserted after insert on downloads
  for each row execute function note_download_name();
--> statement-breakpoint
create trigger downloads_name_changed after update of name on downloads
  for each row when (old.name is distinct from new.name) execute function note_download_name();
--> statement-breakpoint
-- What failed downloads are counted by, where whoever failed it did not say: code and step.
create function note_failure() returns trigger language plpgsql as $$
begin
  if new.state <> 'failed' then
    new.failure := null;
  elsif new.failure is null then
    new.failure := coalesce(new.error ->> 'code', 'unknown') || '/' || case
      when tg_op = 'INSERT' then 'unknown'
      when old.state = 'gathering' then 'gather'
      when old.state = 'packing' then 'pack'
      else 'wait'
    end;
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger downloads_failure before insert or update of state on downloads
  for each row when ((new.state = 'failed') <> (new.failure is not null)) execute function note_failure();
--> statement-breakpoint
-- A row for each claim, whichever statement took it or ended it. In the same transaction, so that it tells no other
-- story than the download's own state, and in the same statement, so that taking a claim costs no further round trip.
create function record_download_step() returns trigger language plpgsql as $$
begin
  if old.worker_id is not null then
    update download_steps set ended_at = clock_timestamp(), outcome = case
      when new.worker_id is not null or new.crashes > old.crashes then 'lost'
      when new.state = 'ready' or (old.state = 'gathering' and new.state = 'packing') then 'done'
      when new.state in ('failed', 'cancelled') then new.state
      when new.attempts > old.attempts then 'failed'
      else 'released'
    end
    where download_id = old.id and epoch = old.epoch and ended_at is null;
  end if;
  if new.worker_id is not null then
    insert into download_steps (download_id, epoch, step, worker_id, started_at)
    values (new.id, new.epoch, case new.state when 'packing' then 'pack' else 'gather' end, new.worker_id, clock_timestamp())
    on conflict (download_id, epoch) do nothing;
  end if;
  return null;
end
$$;
--> statement-breakpoint
create trigger downloads_step after update of worker_id, epoch on downloads
  for each row when (
    old.worker_id is distinct from new.worker_id or (new.worker_id is not null and old.epoch <> new.epoch)
  ) execute function record_download_step();
--> statement-breakpoint
insert into download_names (download_id, name) select id, name from downloads;
--> statement-breakpoint
insert into download_licences (licence_id, download_id)
  select a.licence_id, i.download_id from download_items i join assets a on a.id = i.asset_id where a.licence_id is not null
  union
  select licence_id, download_id from acceptances where download_id is not null;
--> statement-breakpoint
update downloads set failure = (error ->> 'code') || '/unknown' where state = 'failed';
--> statement-breakpoint
update downloads d set delivery = p.delivery from bundle_parts p where p.download_id = d.id and p.number = 1;
