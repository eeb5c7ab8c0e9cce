ALTER TABLE "downloads" ADD COLUMN "step_started_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "queue_place" bigint;--> statement-breakpoint
CREATE INDEX "inbox_items_unread_idx" ON "inbox_items" USING btree ("user_id") WHERE read_at is null;--> statement-breakpoint
CREATE INDEX "notifications_shared_idx" ON "notifications" USING btree (lower("recipient"),"id") WHERE channel = 'email' and event = 'download.ready';