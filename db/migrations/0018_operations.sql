CREATE TABLE "queue_settings" (
	"name" text PRIMARY KEY NOT NULL,
	"paused_at" timestamp (3) with time zone,
	"paused_by" uuid,
	"pause_reason" text,
	"concurrency" integer
);
--> statement-breakpoint
CREATE TABLE "requester_rollups" (
	"at" timestamp (3) with time zone NOT NULL,
	"requester_id" uuid NOT NULL,
	"downloads" integer NOT NULL,
	"bytes" bigint NOT NULL,
	CONSTRAINT "requester_rollups_at_requester_id_pk" PRIMARY KEY("at","requester_id")
);
--> statement-breakpoint
CREATE TABLE "retention_versions" (
	"version" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "retention_versions_version_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"retention" jsonb NOT NULL,
	"reason" text NOT NULL,
	"changed_by" uuid,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollup_progress" (
	"resolution" text PRIMARY KEY NOT NULL,
	"through" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollups" (
	"resolution" text NOT NULL,
	"measure" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"bucket" smallint DEFAULT 0 NOT NULL,
	"value" bigint NOT NULL,
	CONSTRAINT "rollups_resolution_measure_at_bucket_pk" PRIMARY KEY("resolution","measure","at","bucket")
);
--> statement-breakpoint
CREATE TABLE "storage_facts" (
	"id" integer PRIMARY KEY NOT NULL,
	"measured_at" timestamp (3) with time zone NOT NULL,
	"facts" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "expected_ready_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "jobs" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "queue_settings" ADD CONSTRAINT "queue_settings_paused_by_users_id_fk" FOREIGN KEY ("paused_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retention_versions" ADD CONSTRAINT "retention_versions_changed_by_users_id_fk" FOREIGN KEY ("changed_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "renditions_pending_idx" ON "renditions" USING btree ("asset_id") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "downloads_created_idx" ON "downloads" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "downloads_ready_idx" ON "downloads" USING btree ("ready_at") WHERE ready_at is not null;--> statement-breakpoint
CREATE INDEX "downloads_ended_idx" ON "downloads" USING btree ("finished_at") WHERE state in ('failed', 'cancelled') and finished_at is not null;--> statement-breakpoint
CREATE INDEX "downloads_waiting_idx" ON "downloads" USING btree ("charged_at") WHERE state in ('requested', 'queued');