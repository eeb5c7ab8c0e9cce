import type { BlobFault } from '@sheaf/domain/rendition';
import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { cutPage, type Page } from '../page.ts';

/** A stored file that cannot be had, and what is affected by that. Of each sort, the first few and how many there are. */
export interface StorageFault {
  sha256: string;
  size: number;
  fault: BlobFault;
  checkedAt: Date | null;
  verifiedAt: Date | null;
  assetCount: number;
  /** Living ones. `name` of the rendition; null for what is made on demand, which is made anew when it is asked for. */
  assets: { id: string; title: string; kind: string; name: string | null }[];
  licences: { id: string; title: string; version: number }[];
  downloadCount: number;
  /** Ready ones whose archives are streamed from the file: what is packed has its own copy. */
  downloads: { id: string; name: string; requester: string }[];
}

type FaultRow = Omit<StorageFault, 'size' | 'checkedAt' | 'verifiedAt'> & {
  size: string;
  checkedAt: string | null;
  verifiedAt: string | null;
};

/** Of each sort, so many are named. */
const named = 20;

/** Files with a fault, in the order of their names. */
export async function listStorageFaults(
  executor: Executor,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Page<StorageFault>> {
  const rows = await executor.execute<FaultRow>(sql`
    with faulty as (
      select sha256, size, fault, fault_checked_at, verified_at, ('x' || left(sha256, 13))::bit(52)::bigint as key
      from blobs where fault is not null and sha256 > ${after ?? ''} order by sha256 limit ${limit + 1}
    )
    select faulty.sha256, faulty.size, faulty.fault, faulty.fault_checked_at as "checkedAt",
      faulty.verified_at as "verifiedAt", asset.count as "assetCount", asset.named as assets, licence.named as licences,
      download.count as "downloadCount", download.named as downloads
    from faulty
    cross join lateral (
      select count(*)::int as count, coalesce(jsonb_agg(jsonb_build_object('id', id, 'title', title, 'kind', kind, 'name', name)
        order by place) filter (where place <= ${named}), '[]') as named
      from (
        select a.id, a.title, used.kind, used.name, row_number() over (order by a.id, used.kind, used.name) as place
        from (
          select asset_id, kind, name from renditions where blob_sha256 = faulty.sha256
          union all
          select original.asset_id, 'dynamic', null
          from derivatives made join renditions original on original.blob_sha256 = made.original_sha256 and original.kind = 'original'
          where made.blob_sha256 = faulty.sha256
        ) as used join assets a on a.id = used.asset_id and a.deleted_at is null
      ) as placed
    ) as asset
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'title', l.title, 'version', v.number) order by l.title, v.number), '[]') as named
      from licence_versions v join licences l on l.id = v.licence_id where v.document_sha256 = faulty.sha256
    ) as licence
    cross join lateral (
      select count(*)::int as count, coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'requester', requester)
        order by place) filter (where place <= ${named}), '[]') as named
      from (
        select d.id, d.name, u.name as requester, row_number() over (order by d.id desc) as place
        from downloads d join users u on u.id = d.requester_id
        where d.state = 'ready' and d.id in (
          select part.download_id from bundle_pages page join bundle_parts part on part.bundle_id = page.bundle_id
          where page.blob_keys @> array[faulty.key]
            and exists (select from jsonb_array_elements(page.files) as file where file ->> 1 = faulty.sha256)
        )
      ) as placed
    ) as download
    order by faulty.sha256`);
  const faults = rows.map(({ size, checkedAt, verifiedAt, ...fault }) => ({
    ...fault,
    size: Number(size),
    checkedAt: checkedAt === null ? null : new Date(checkedAt),
    verifiedAt: verifiedAt === null ? null : new Date(verifiedAt),
  }));
  return cutPage(faults, limit, ({ sha256 }) => sha256);
}
