ALTER TABLE "bundle_parts" ADD COLUMN "fault" text;--> statement-breakpoint
ALTER TABLE "bundle_parts" ADD COLUMN "fault_checked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "bundle_parts" ADD COLUMN "verify_at" timestamp (3) with time zone DEFAULT now() + interval '1 day';--> statement-breakpoint
CREATE INDEX "bundle_parts_verify_idx" ON "bundle_parts" USING btree ("verify_at") WHERE verify_at is not null;--> statement-breakpoint
CREATE INDEX "bundle_parts_fault_idx" ON "bundle_parts" USING btree ("download_id","number") WHERE fault is not null;