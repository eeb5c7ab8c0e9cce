CREATE TABLE "licence_versions" (
	"licence_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"document_sha256" text NOT NULL,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "licence_versions_licence_id_number_pk" PRIMARY KEY("licence_id","number")
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" uuid,
	"action" text NOT NULL,
	"download_id" uuid,
	"asset_id" uuid,
	"licence_id" uuid,
	"record" text NOT NULL,
	"previous_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"public_key" "bytea" NOT NULL,
	"sealed_private_key" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"retired_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "group_members" (
	"group_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"source" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "group_members_group_id_user_id_source_pk" PRIMARY KEY("group_id","user_id","source")
);
--> statement-breakpoint
CREATE TABLE "groups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"claim" text,
	"dynamic_renditions" boolean DEFAULT false NOT NULL,
	"quota_bytes" bigint,
	"quota_period_hours" integer,
	"quota_concurrent_downloads" integer,
	"quota_assets_per_download" integer,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_quotas" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"quota_bytes" bigint,
	"quota_period_hours" integer,
	"quota_concurrent_downloads" integer,
	"quota_assets_per_download" integer
);
--> statement-breakpoint
CREATE TABLE "derivatives" (
	"id" uuid PRIMARY KEY NOT NULL,
	"original_sha256" text NOT NULL,
	"media_type" text NOT NULL,
	"parameters_key" text NOT NULL,
	"parameters" jsonb NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"blob_sha256" text,
	"width" integer,
	"height" integer,
	"error" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"rendered_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "presets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"title" text NOT NULL,
	"definitions" jsonb NOT NULL,
	"approved" boolean DEFAULT false NOT NULL,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "acceptances_key";--> statement-breakpoint
ALTER TABLE "licences" ADD COLUMN "version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "visibility_versions" ADD COLUMN "rolled_back_to" integer;--> statement-breakpoint
ALTER TABLE "acceptances" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "acceptances" ADD COLUMN "asset_id" uuid;--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "ip_address" text;--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "user_agent" text;--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "rest_of" uuid;--> statement-breakpoint
ALTER TABLE "licence_versions" ADD CONSTRAINT "licence_versions_licence_id_licences_id_fk" FOREIGN KEY ("licence_id") REFERENCES "public"."licences"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "licence_versions" ADD CONSTRAINT "licence_versions_document_sha256_blobs_sha256_fk" FOREIGN KEY ("document_sha256") REFERENCES "public"."blobs"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "licence_versions" ADD CONSTRAINT "licence_versions_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_quotas" ADD CONSTRAINT "user_quotas_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "derivatives" ADD CONSTRAINT "derivatives_original_sha256_blobs_sha256_fk" FOREIGN KEY ("original_sha256") REFERENCES "public"."blobs"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "derivatives" ADD CONSTRAINT "derivatives_blob_sha256_blobs_sha256_fk" FOREIGN KEY ("blob_sha256") REFERENCES "public"."blobs"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "presets" ADD CONSTRAINT "presets_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "licence_versions_document_idx" ON "licence_versions" USING btree ("document_sha256");--> statement-breakpoint
CREATE INDEX "audit_events_at_idx" ON "audit_events" USING btree ("at","seq");--> statement-breakpoint
CREATE INDEX "audit_events_actor_idx" ON "audit_events" USING btree ("actor_id","seq");--> statement-breakpoint
CREATE INDEX "audit_events_action_idx" ON "audit_events" USING btree ("action","seq");--> statement-breakpoint
CREATE INDEX "audit_events_download_idx" ON "audit_events" USING btree ("download_id","seq");--> statement-breakpoint
CREATE INDEX "audit_events_asset_idx" ON "audit_events" USING btree ("asset_id","seq");--> statement-breakpoint
CREATE INDEX "audit_events_licence_idx" ON "audit_events" USING btree ("licence_id","seq");--> statement-breakpoint
CREATE INDEX "group_members_user_idx" ON "group_members" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "groups_name_key" ON "groups" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "groups_claim_key" ON "groups" USING btree ("claim") WHERE claim is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "derivatives_key" ON "derivatives" USING btree ("original_sha256","parameters_key");--> statement-breakpoint
CREATE INDEX "derivatives_pending_idx" ON "derivatives" USING btree ("id") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "derivatives_blob_idx" ON "derivatives" USING btree ("blob_sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "presets_name_key" ON "presets" USING btree ("kind","name");--> statement-breakpoint
CREATE INDEX "acceptances_user_idx" ON "acceptances" USING btree ("user_id","licence_id");--> statement-breakpoint
CREATE INDEX "acceptances_download_idx" ON "acceptances" USING btree ("download_id");--> statement-breakpoint
CREATE INDEX "acceptances_licence_idx" ON "acceptances" USING btree ("licence_id","id");--> statement-breakpoint
CREATE INDEX "accesses_user_idx" ON "accesses" USING btree ("user_id","at");--> statement-breakpoint
CREATE INDEX "downloads_requested_idx" ON "downloads" USING btree ("requester_id","created_at");