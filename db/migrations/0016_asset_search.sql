-- Trusted since PostgreSQL 13: whoever owns the database may create it.
create extension if not exists pg_trgm;
--> statement-breakpoint
CREATE INDEX "assets_facets_idx" ON "assets" USING btree ("status","media_type","folder","licence_id","expires_at") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "assets_text_idx" ON "assets" USING gin ((title || ' ' || file_name) gin_trgm_ops) WHERE deleted_at is null;