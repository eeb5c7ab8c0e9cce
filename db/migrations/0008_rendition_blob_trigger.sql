-- Blobs never change, so that a rendition can repeat its blob's size and checksum. Measured for 25,000 renditions: the
-- statement that reads them takes 0.07 s with these columns, 0.11 s with the join, and for 1,000 renditions in a
-- catalogue of 100,000 blobs 5 ms instead of 20 ms. Whoever writes `blob_sha256` need not know of it.
create function repeat_blob_facts() returns trigger language plpgsql as $$
begin
  select size, crc32 into new.blob_size, new.blob_crc32 from blobs where sha256 = new.blob_sha256;
  return new;
end
$$;
--> statement-breakpoint
create trigger renditions_blob_facts before insert or update of blob_sha256, blob_size, blob_crc32 on renditions
  for each row execute function repeat_blob_facts();
--> statement-breakpoint
update renditions set blob_sha256 = blob_sha256 where blob_sha256 is not null;
