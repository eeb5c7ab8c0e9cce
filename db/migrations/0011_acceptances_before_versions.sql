-- Acceptances from before licences had versions were all taken for acceptances of version 1. Those of other bytes than
-- that version's are of terms that have no number.
update acceptances a set version = 0
where not exists (
  select from licence_versions v
  where v.licence_id = a.licence_id and v.number = a.version and v.document_sha256 = a.sha256
);
