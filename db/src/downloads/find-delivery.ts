import type { Actor } from '@sheaf/domain/actor';
import type { DownloadState } from '@sheaf/domain/download-state';
import { asc, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { bundleParts, bundles } from '../schema/bundles.ts';
import { downloads } from '../schema/downloads.ts';
import { links } from '../schema/links.ts';
import { actorColumns } from '../users/actor-columns.ts';
import { type DecisionMoment, decisionStands, momentColumns } from './decision-moment.ts';

export interface Delivery {
  link: { id: string; expiresAt: Date; revokedAt: Date | null };
  /** `contentEndsAt`: when what is in the bundle first ends, as of the last decision; none stands beyond it. */
  download: { id: string; state: DownloadState; expiresAt: Date | null; contentEndsAt: Date | null };
  /** Whether nothing has changed since the bundle was last decided; else it must be decided again, as of `moment`. */
  stands: boolean;
  moment: DecisionMoment;
  /** Whose rights count, whoever holds the link. */
  owner: Actor;
  ownerDisabledAt: Date | null;
  /** By number. */
  parts: DeliveryPart[];
}

export type DeliveryPart = Pick<
  typeof bundleParts.$inferSelect,
  'number' | 'delivery' | 'objectKey' | 'fileName' | 'mediaType' | 'size' | 'etag' | 'sha256' | 'createdAt' | 'fault'
> & {
  /** Of a streamed part: what comes before its stored object. */
  bundle: { id: string; contentSize: number } | null;
};

/** What a link's token stands for, given the token's SHA-256; null where there is no such link. */
export async function findDelivery(executor: Executor, tokenHash: Buffer): Promise<Delivery | null> {
  const [row] = await executor
    .select({
      link: { id: links.id, expiresAt: links.expiresAt, revokedAt: links.revokedAt },
      download: {
        id: downloads.id,
        state: downloads.state,
        expiresAt: downloads.expiresAt,
        contentEndsAt: downloads.contentEndsAt,
      },
      stands: decisionStands,
      moment: momentColumns,
      owner: actorColumns,
      ownerDisabledAt: users.disabledAt,
    })
    .from(links)
    .innerJoin(downloads, eq(downloads.id, links.downloadId))
    .innerJoin(users, eq(users.id, downloads.requesterId))
    .where(eq(links.tokenHash, tokenHash));
  if (row === undefined) return null;
  const parts = await executor
    .select({
      number: bundleParts.number,
      delivery: bundleParts.delivery,
      bundle: { id: bundles.id, contentSize: bundles.contentSize },
      objectKey: bundleParts.objectKey,
      fileName: bundleParts.fileName,
      mediaType: bundleParts.mediaType,
      size: bundleParts.size,
      etag: bundleParts.etag,
      sha256: bundleParts.sha256,
      createdAt: bundleParts.createdAt,
      fault: bundleParts.fault,
    })
    .from(bundleParts)
    .leftJoin(bundles, eq(bundles.id, bundleParts.bundleId))
    .where(eq(bundleParts.downloadId, row.download.id))
    .orderBy(asc(bundleParts.number));
  return { ...row, parts };
}
