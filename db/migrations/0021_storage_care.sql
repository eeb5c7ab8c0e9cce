CREATE TABLE "storage_care" (
	"id" integer PRIMARY KEY NOT NULL,
	"scrub_lease_until" timestamp (3) with time zone,
	"scrub_worker_id" text,
	"verified_files" bigint DEFAULT 0 NOT NULL,
	"verified_bytes" bigint DEFAULT 0 NOT NULL,
	"faults_found" bigint DEFAULT 0 NOT NULL,
	"removed_files" bigint DEFAULT 0 NOT NULL,
	"removed_bytes" bigint DEFAULT 0 NOT NULL,
	"last_verified_at" timestamp (3) with time zone,
	"uses_checked_to" text DEFAULT '' NOT NULL,
	"next_folder" integer DEFAULT 0 NOT NULL,
	"held_until" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "blobs" ADD COLUMN "verified_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "blobs" ADD COLUMN "unused_since" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "blobs_verified_idx" ON "blobs" USING btree (coalesce(verified_at, created_at),"sha256") WHERE fault is null;--> statement-breakpoint
CREATE INDEX "blobs_unused_idx" ON "blobs" USING btree ("unused_since") WHERE unused_since is not null;