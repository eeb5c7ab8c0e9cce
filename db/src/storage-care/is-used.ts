import { type SQL, sql } from 'drizzle-orm';

/**
 * Whether anything needs the row `blob` of `blobs`: a file of a living asset, a version of a licence's terms, what was made
 * on demand from a living asset's original, or a bundle that archives are streamed from. A deleted asset needs nothing: what
 * was laid out of it before is in bundles. The trigger on `blobs` knows bundles by the same key.
 *
 * `offset 0` has PostgreSQL look into the indexes for each blob: else it reads all renditions to judge a thousand blobs.
 */
export const isUsed: SQL = sql`(
  exists (
    select from renditions file join assets asset on asset.id = file.asset_id
    where file.blob_sha256 = blob.sha256 and asset.deleted_at is null offset 0
  )
  or exists (select from licence_versions version where version.document_sha256 = blob.sha256 offset 0)
  or exists (
    select from derivatives made
    join renditions original on original.blob_sha256 = made.original_sha256
    join assets asset on asset.id = original.asset_id
    where made.blob_sha256 = blob.sha256 and asset.deleted_at is null offset 0
  )
  or exists (
    select from bundle_pages page where page.blob_keys @> array[('x' || left(blob.sha256, 13))::bit(52)::bigint]
  )
)`;
