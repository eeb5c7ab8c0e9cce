CREATE TABLE "bundle_pages" (
	"bundle_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"offset" bigint NOT NULL,
	"files" jsonb NOT NULL,
	"blob_keys" bigint[] NOT NULL,
	CONSTRAINT "bundle_pages_bundle_id_number_pk" PRIMARY KEY("bundle_id","number")
);
--> statement-breakpoint
CREATE TABLE "bundles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"fingerprint" text NOT NULL,
	"content_size" bigint NOT NULL,
	"entries" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "bundle_parts" ALTER COLUMN "sha256" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "bundle_parts" ADD COLUMN "delivery" text DEFAULT 'packed' NOT NULL;--> statement-breakpoint
ALTER TABLE "bundle_parts" ADD COLUMN "bundle_id" uuid;--> statement-breakpoint
ALTER TABLE "bundle_parts" ADD COLUMN "etag" text;--> statement-breakpoint
UPDATE "bundle_parts" SET "etag" = '"' || "sha256" || '"';--> statement-breakpoint
ALTER TABLE "bundle_parts" ALTER COLUMN "etag" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "bundle_pages" ADD CONSTRAINT "bundle_pages_bundle_id_bundles_id_fk" FOREIGN KEY ("bundle_id") REFERENCES "public"."bundles"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bundle_pages_blobs_idx" ON "bundle_pages" USING gin ("blob_keys");--> statement-breakpoint
-- Hashes hardly shrink: to compress them was most of what writing a page cost.
ALTER TABLE "bundle_pages" ALTER COLUMN "files" SET STORAGE EXTERNAL, ALTER COLUMN "blob_keys" SET STORAGE EXTERNAL;--> statement-breakpoint
CREATE UNIQUE INDEX "bundles_fingerprint_key" ON "bundles" USING btree ("fingerprint");--> statement-breakpoint
CREATE INDEX "bundles_used_idx" ON "bundles" USING btree ("used_at");--> statement-breakpoint
ALTER TABLE "bundle_parts" ADD CONSTRAINT "bundle_parts_bundle_id_bundles_id_fk" FOREIGN KEY ("bundle_id") REFERENCES "public"."bundles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bundle_parts_bundle_idx" ON "bundle_parts" USING btree ("bundle_id") WHERE bundle_id is not null;
--> statement-breakpoint
-- Nobody removes the file of a blob whose row is still there: what a bundle streams stays as long as the bundle.
create function keep_bundled_blobs() returns trigger language plpgsql as $$
begin
  if exists (select from bundle_pages where blob_keys @> array[('x' || left(old.sha256, 13))::bit(52)::bigint]) then
    raise exception 'blob % is in a bundle', old.sha256 using errcode = 'restrict_violation', constraint = 'bundled_blob';
  end if;
  return old;
end
$$;
--> statement-breakpoint
create trigger blobs_keep_bundled before delete on blobs for each row execute function keep_bundled_blobs();
