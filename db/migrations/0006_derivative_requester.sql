ALTER TABLE "derivatives" ADD COLUMN "requested_by" uuid;--> statement-breakpoint
ALTER TABLE "derivatives" ADD CONSTRAINT "derivatives_requested_by_users_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "derivatives_requester_idx" ON "derivatives" USING btree ("requested_by") WHERE state = 'pending';