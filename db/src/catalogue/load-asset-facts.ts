import type { Asset, AssetStatus } from '@sheaf/domain/asset';
import type { BlobFault, Rendition, RenditionKind, RenditionState } from '@sheaf/domain/rendition';
import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { isAnyOf } from '../is-any-of.ts';
import { assets, blobs, renditions } from '../schema/catalogue.ts';

/** Between cells and between rows. */
const [unit, record] = ['\u001f', '\u001e'];

/**
 * The assets with these ids, as far as they exist and were not deleted, each with its renditions of these kinds, in no
 * particular order. One statement for each table, whatever the number of assets.
 *
 * Rows come as one text, which the database and this process make and take apart quickest. For 25,000 assets with their
 * originals (two cores, embedded database): 0.11 s; as JSON arrays an asset 0.25 s; as rows with a decoder for each cell
 * 0.65 s.
 */
export async function loadAssetFacts(
  executor: Executor,
  ids: readonly string[],
  kinds: readonly RenditionKind[],
): Promise<Map<string, Asset>> {
  if (ids.length === 0) return new Map();
  const [assetText, renditionText] = await Promise.all([
    readAssets(executor, ids),
    readRenditions(executor, ids, kinds),
  ]);
  const byId = new Map<string, Asset>();
  for (const [id, status, licenceId, modifiedAt, expiresAt, title, folder] of rowsOf(assetText)) {
    byId.set(id!, {
      id: id!,
      title: title!,
      folder: folder!,
      status: status as AssetStatus,
      expiresAt: expiresAt === '' ? null : timeOf(expiresAt!),
      licenceId: licenceId! || null,
      modifiedAt: timeOf(modifiedAt!),
      renditions: [],
    });
  }
  for (const cells of rowsOf(renditionText)) byId.get(cells[0]!)?.renditions.push(toRendition(cells));
  return byId;
}

function toRendition(cells: string[]): Rendition {
  const [assetId, id, kind, name, state, mediaType, width, height, sha256, size, crc32, fault, fileName] = cells;
  const blob =
    sha256 === '' ? null : { sha256: sha256!, size: Number(size), crc32: Number(crc32), fault: faultOf(fault!) };
  return {
    id: id!,
    assetId: assetId!,
    kind: kind as RenditionKind,
    name: name!,
    title: null,
    presetId: null,
    state: state as RenditionState,
    mediaType: mediaType!,
    fileName: fileName!,
    width: numberOf(width!),
    height: numberOf(height!),
    blob,
  };
}

function readAssets(executor: Executor, ids: readonly string[]): Promise<string> {
  const cells = [
    sql`${assets.id}`,
    sql`${assets.status}`,
    orEmpty(sql`${assets.licenceId}`),
    milliseconds(sql`${assets.modifiedAt}`),
    orEmpty(milliseconds(sql`${assets.expiresAt}`)),
    words(sql`${assets.title}`),
    words(sql`${assets.folder}`),
  ];
  return readText(
    executor,
    sql`select ${textOf(cells)} as text from ${assets} where ${isAnyOf(assets.id, ids)} and ${assets.deletedAt} is null`,
  );
}

/** Few blobs are faulty: to look for those alone needs no join with all of them. */
function readRenditions(executor: Executor, ids: readonly string[], kinds: readonly RenditionKind[]): Promise<string> {
  const cells = [
    sql`${renditions.assetId}`,
    sql`${renditions.id}`,
    sql`${renditions.kind}`,
    words(sql`${renditions.name}`),
    sql`${renditions.state}`,
    words(sql`${renditions.mediaType}`),
    orEmpty(sql`${renditions.width}`),
    orEmpty(sql`${renditions.height}`),
    orEmpty(sql`${renditions.blobSha256}`),
    orEmpty(sql`${renditions.blobSize}`),
    orEmpty(sql`${renditions.blobCrc32}`),
    orEmpty(sql`faulty.fault`),
    words(sql`${renditions.fileName}`),
  ];
  return readText(
    executor,
    sql`select ${textOf(cells)} as text
      from ${renditions}
      left join (select sha256, fault from ${blobs} where fault is not null) faulty
        on faulty.sha256 = ${renditions.blobSha256}
      where ${isAnyOf(renditions.assetId, ids)} and ${renditions.kind} = any(${`{${kinds.join(',')}}`}::text[])`,
  );
}

async function readText(executor: Executor, statement: SQL): Promise<string> {
  const [row] = await executor.execute<{ text: string | null }>(statement);
  return row?.text ?? '';
}

const textOf = (cells: SQL[]): SQL => sql`string_agg(concat_ws(chr(31), ${sql.join(cells, sql`, `)}), chr(30))`;

/** `concat_ws` passes over nulls. */
const orEmpty = (cell: SQL): SQL => sql`coalesce((${cell})::text, '')`;

/** Free text, which might have the two separators in it: nobody sees them. */
const words = (cell: SQL): SQL => sql`translate(${cell}, chr(30) || chr(31), '')`;

const milliseconds = (time: SQL): SQL => sql`(date_part('epoch', ${time}) * 1000)`;

function* rowsOf(text: string): Generator<string[]> {
  if (text === '') return;
  for (const row of text.split(record)) yield row.split(unit);
}

const timeOf = (cell: string): Date => new Date(Math.round(Number(cell)));

const numberOf = (cell: string): number | null => (cell === '' ? null : Number(cell));

const faultOf = (cell: string): BlobFault | null => (cell === '' ? null : (cell as BlobFault));
