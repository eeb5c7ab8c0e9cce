import type { Actor } from '@sheaf/domain/actor';
import type { DownloadState } from '@sheaf/domain/download-state';
import { asc, eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { bundleParts, downloads, links } from '../schema/downloads.ts';
import { actorColumns } from '../users/actor-columns.ts';

export interface Delivery {
  link: { id: string; expiresAt: Date; revokedAt: Date | null };
  download: { id: string; state: DownloadState; expiresAt: Date | null };
  /** Whose rights count, whoever holds the link. */
  owner: Actor;
  ownerDisabledAt: Date | null;
  /** By number. */
  parts: DeliveryPart[];
}

export type DeliveryPart = Pick<
  typeof bundleParts.$inferSelect,
  'number' | 'objectKey' | 'fileName' | 'mediaType' | 'size' | 'sha256' | 'createdAt'
>;

/** What a link's token stands for, given the token's SHA-256; null where there is no such link. */
export async function findDelivery(executor: Executor, tokenHash: Buffer): Promise<Delivery | null> {
  const [row] = await executor
    .select({
      link: { id: links.id, expiresAt: links.expiresAt, revokedAt: links.revokedAt },
      download: { id: downloads.id, state: downloads.state, expiresAt: downloads.expiresAt },
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
      objectKey: bundleParts.objectKey,
      fileName: bundleParts.fileName,
      mediaType: bundleParts.mediaType,
      size: bundleParts.size,
      sha256: bundleParts.sha256,
      createdAt: bundleParts.createdAt,
    })
    .from(bundleParts)
    .where(eq(bundleParts.downloadId, row.download.id))
    .orderBy(asc(bundleParts.number));
  return { ...row, parts };
}
