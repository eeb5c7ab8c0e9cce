import type { BlobFault, Rendition, RenditionKind, RenditionState } from '@sheaf/domain/rendition';
import { eq, type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { isAnyOf } from '../is-any-of.ts';
import { blobs, renditions } from '../schema/catalogue.ts';

/** One rendition as `renditionJson` gives it. */
type RenditionTuple = [
  id: string,
  kind: RenditionKind,
  name: string,
  state: RenditionState,
  mediaType: string,
  fileName: string,
  width: number | null,
  height: number | null,
  sha256: string | null,
  size: number | null,
  crc32: number | null,
  fault: BlobFault | null,
];

/**
 * One JSON document for all renditions of an asset. For 25,000 assets with 100,000 renditions it takes a third of
 * the processor time of as many rows with a column each, most of which goes into objects and decoders for each cell.
 */
const renditionJson: SQL<string> = sql`json_agg(json_build_array(
  ${renditions.id}, ${renditions.kind}, ${renditions.name}, ${renditions.state}, ${renditions.mediaType},
  ${renditions.fileName}, ${renditions.width}, ${renditions.height},
  ${blobs.sha256}, ${blobs.size}, ${blobs.crc32}, ${blobs.fault}))::text`;

/** The renditions of these assets, by asset: in the order in which they were added, so that the original comes first. */
export async function loadRenditions(
  executor: Executor,
  assetIds: readonly string[],
): Promise<Map<string, Rendition[]>> {
  const rows = await executor
    .select({ assetId: renditions.assetId, json: renditionJson })
    .from(renditions)
    .leftJoin(blobs, eq(blobs.sha256, renditions.blobSha256))
    .where(isAnyOf(renditions.assetId, assetIds))
    .groupBy(renditions.assetId);
  return new Map(rows.map(({ assetId, json }) => [assetId, renditionsOf(assetId, json)]));
}

function renditionsOf(assetId: string, json: string): Rendition[] {
  const tuples: RenditionTuple[] = JSON.parse(json);
  return tuples.map((tuple) => toRendition(assetId, tuple)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function toRendition(assetId: string, tuple: RenditionTuple): Rendition {
  const [id, kind, name, state, mediaType, fileName, width, height, sha256, size, crc32, fault] = tuple;
  const blob = sha256 === null || size === null || crc32 === null ? null : { sha256, size, crc32, fault };
  return { id, assetId, kind, name, title: null, presetId: null, state, mediaType, fileName, width, height, blob };
}
