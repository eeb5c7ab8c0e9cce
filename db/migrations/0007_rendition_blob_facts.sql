ALTER TABLE "renditions" ADD COLUMN "blob_size" bigint;--> statement-breakpoint
ALTER TABLE "renditions" ADD COLUMN "blob_crc32" bigint;