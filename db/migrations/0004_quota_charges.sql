DROP INDEX "downloads_requested_idx";--> statement-breakpoint
ALTER TABLE "accesses" ADD COLUMN "charged" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "downloads" ADD COLUMN "charged_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
CREATE INDEX "accesses_charged_idx" ON "accesses" USING btree ("user_id","at") WHERE charged;--> statement-breakpoint
CREATE INDEX "downloads_charged_idx" ON "downloads" USING btree ("requester_id","charged_at");--> statement-breakpoint
CREATE INDEX "downloads_open_requester_idx" ON "downloads" USING btree ("requester_id") WHERE state in ('requested', 'queued', 'gathering', 'packing');--> statement-breakpoint
update downloads set charged_at = created_at;
