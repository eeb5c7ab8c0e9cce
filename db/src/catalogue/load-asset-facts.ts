import type { Asset } from '@sheaf/domain/asset';
import type { RenditionKind } from '@sheaf/domain/rendition';
import { and, eq, type GetColumnData, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Executor } from '../database.ts';
import { isAnyOf } from '../is-any-of.ts';
import { assets, blobs, renditions } from '../schema/catalogue.ts';

/**
 * The assets with these ids, as far as they exist and were not deleted, each with its renditions of these kinds, in no
 * particular order. One statement for each table, whatever the number of assets.
 *
 * Thousands of assets share their status and licence, thousands of renditions their kind, name, state and type. Those
 * that do come as one row, with a list for every other column: what they share is neither sent nor kept more than once.
 * Processor time for 100,000 renditions: the database 0.24 s and this process 0.12 s; with a row each 0.16 s and 0.35 s.
 */
export async function loadAssetFacts(
  executor: Executor,
  ids: readonly string[],
  kinds: readonly RenditionKind[],
): Promise<Map<string, Asset>> {
  if (ids.length === 0) return new Map();
  const [alikeAssets, alikeRenditions] = await Promise.all([
    readAssets(executor, ids),
    readRenditions(executor, ids, kinds),
  ]);
  const byId = new Map<string, Asset>();
  for (const { status, licenceId, ...lists } of alikeAssets) {
    lists.id.forEach((id, index) => {
      const expiresAt = lists.expiresAt[index]!;
      byId.set(id, {
        id,
        title: lists.title[index]!,
        folder: lists.folder[index]!,
        status,
        expiresAt: expiresAt === null ? null : new Date(expiresAt),
        licenceId,
        modifiedAt: new Date(lists.modifiedAt[index]!),
        renditions: [],
      });
    });
  }
  for (const { kind, name, state, mediaType, fault, ...lists } of alikeRenditions) {
    lists.id.forEach((id, index) => {
      const asset = byId.get(lists.assetId[index]!);
      const sha256 = lists.sha256[index]!;
      asset?.renditions.push({
        id,
        assetId: asset.id,
        kind,
        name,
        title: null,
        presetId: null,
        state,
        mediaType,
        fileName: lists.fileName[index]!,
        width: lists.width[index]!,
        height: lists.height[index]!,
        blob: sha256 === null ? null : { sha256, size: lists.size[index]!, crc32: lists.crc32[index]!, fault },
      });
    });
  }
  return byId;
}

function readAssets(executor: Executor, ids: readonly string[]) {
  return executor
    .select({
      status: assets.status,
      licenceId: assets.licenceId,
      id: listOf(assets.id),
      title: listOf(assets.title),
      folder: listOf(assets.folder),
      expiresAt: listOfTimes(assets.expiresAt),
      modifiedAt: listOfTimes(assets.modifiedAt),
    })
    .from(assets)
    .where(and(isAnyOf(assets.id, ids), isNull(assets.deletedAt)))
    .groupBy(assets.status, assets.licenceId);
}

/** In the order in which archives have them. Few blobs are faulty: to look for those alone needs no join with all of them. */
function readRenditions(executor: Executor, ids: readonly string[], kinds: readonly RenditionKind[]) {
  const faulty = executor
    .select({ sha256: blobs.sha256, fault: blobs.fault })
    .from(blobs)
    .where(isNotNull(blobs.fault))
    .as('faulty');
  const { kind, name, state, mediaType } = renditions;
  return executor
    .select({
      ...{ kind, name, state, mediaType, fault: faulty.fault },
      id: listOf(renditions.id),
      assetId: listOf(renditions.assetId),
      fileName: listOf(renditions.fileName),
      width: listOf(renditions.width),
      height: listOf(renditions.height),
      sha256: listOf(renditions.blobSha256),
      size: listOf(renditions.blobSize),
      crc32: listOf(renditions.blobCrc32),
    })
    .from(renditions)
    .leftJoin(faulty, eq(faulty.sha256, renditions.blobSha256))
    .where(and(isAnyOf(renditions.assetId, ids), inArray(kind, [...kinds])))
    .groupBy(kind, name, state, mediaType, faulty.fault)
    .orderBy(kind, name);
}

function listOf<Column extends AnyPgColumn>(column: Column): SQL<GetColumnData<Column>[]> {
  return sql`json_agg(${column})`;
}

/** In milliseconds since 1970. */
function listOfTimes<Column extends AnyPgColumn>(
  column: Column,
): SQL<(null extends GetColumnData<Column> ? number | null : number)[]> {
  return sql`json_agg((date_part('epoch', ${column}) * 1000)::bigint)`;
}
