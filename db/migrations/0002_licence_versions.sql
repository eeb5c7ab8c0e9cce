-- Until now a licence had one document, which becomes its first version.
update licences set version = 1 where document_sha256 is not null;
--> statement-breakpoint
insert into licence_versions (licence_id, number, document_sha256, created_at)
select id, 1, document_sha256, created_at from licences where document_sha256 is not null;
