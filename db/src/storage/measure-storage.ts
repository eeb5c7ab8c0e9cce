import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { recordLast } from '../rollups/record-measures.ts';
import { type StorageFacts, storageFacts } from '../schema/operations.ts';

/**
 * Adds up what is stored, and keeps it with `disk` for the dashboard. Reads every blob's row: 400,000 of them take about
 * 0.3 s, so it is done once a minute by a worker, never while somebody waits.
 */
export async function measureStorage(executor: Executor, disk: StorageFacts['disk'], now: Date): Promise<StorageFacts> {
  const [row] = await executor.execute<{ facts: Omit<StorageFacts, 'disk'> }>(sql`
    with parts as (
      select p.delivery, case p.delivery when 'packed' then p.size else greatest(0, p.size - coalesce(b.content_size, p.size)) end as bytes
      from downloads d join bundle_parts p on p.download_id = d.id left join bundles b on b.id = p.bundle_id
      where d.state = 'ready'
    )
    select jsonb_build_object(
      'blobs', (select ${sums('size')} from blobs),
      'originals', (select ${sums('blob_size')} from renditions where state = 'ready' and kind = 'original'),
      'staticRenditions', (select ${sums('blob_size')} from renditions where state = 'ready' and kind = 'static'),
      'dynamicRenditions', (select ${sums('size')} from derivatives d join blobs b on b.sha256 = d.blob_sha256 where d.state = 'ready'),
      'documents', (select ${sums('size')} from blobs where sha256 in (select document_sha256 from licence_versions)),
      'archives', (select ${sums('bytes')} from parts where delivery = 'packed'),
      'tails', (select ${sums('bytes')} from parts where delivery = 'streamed')
    ) as facts`);
  const facts: StorageFacts = { ...row!.facts, disk };
  await executor
    .insert(storageFacts)
    .values({ id: 1, measuredAt: now, facts })
    .onConflictDoUpdate({ target: storageFacts.id, set: { measuredAt: now, facts } });
  await recordLast(executor, now, [{ measure: 'storage', bucket: 0, value: usedBytes(facts) }]);
  return facts;
}

/** What the service itself keeps in the storage. */
export function usedBytes({ blobs, archives, tails }: Pick<StorageFacts, 'blobs' | 'archives' | 'tails'>): number {
  return blobs.bytes + archives.bytes + tails.bytes;
}

const sums = (column: string) => sql.raw(`jsonb_build_object('files', count(*), 'bytes', coalesce(sum(${column}), 0))`);
