import type { Executor } from '@sheaf/db/database';
import { noteDecision } from '@sheaf/db/downloads/decision-moment';
import type { Delivery } from '@sheaf/db/downloads/find-delivery';
import { AppError } from '@sheaf/domain/app-error';
import { judgeBundle, type RefusedInBundle } from '@sheaf/downloads/judge-bundle';

/**
 * Whether a link may be followed now. Throws `link.revoked`, `link.expired` or, where the owner may no longer have
 * something in the bundle, `download.assets_refused` with the outcomes of what it is.
 *
 * An asset or a licence that ends by itself ends its bundle in that moment, so that a bundle whose time is over says the
 * same: what may no longer be had, and how to go on. A link with an end of its own ends alone, and says nothing else.
 */
export async function assertDeliverable(executor: Executor, delivery: Delivery, now: Date): Promise<void> {
  const { link, download, owner, ownerDisabledAt } = delivery;
  if (link.revokedAt !== null || download.state === 'revoked') {
    throw new AppError('link.revoked', 'This link has been revoked.');
  }
  if (ownerDisabledAt !== null) {
    throw new AppError('link.revoked', 'This link has ended with the account of the person who made the request.');
  }
  const { state, expiresAt: bundleEnd } = download;
  const bundled = state === 'ready' || state === 'expired';
  const ownEnd = link.expiresAt <= now && (bundleEnd === null || link.expiresAt < bundleEnd);
  if (!bundled || ownEnd) throw new AppError('link.expired', 'This link has expired.');

  const ended = state === 'expired' || link.expiresAt <= now || (bundleEnd !== null && bundleEnd <= now);
  const contentEnded = download.contentEndsAt !== null && download.contentEndsAt <= now;
  if (!ended && !contentEnded && delivery.stands) return;
  const { refused, contentEndsAt } = await judgeBundle(executor, { downloadId: download.id, owner, now });
  if (!ended && refused === null) return noteDecision(executor, download.id, { ...delivery.moment, contentEndsAt });
  const detail = { ...refusalDetail(refused), retry: retryOf(download.id) };
  throw ended
    ? new AppError('link.expired', endedText(refused), { detail })
    : new AppError('download.assets_refused', `${refusedText(refused)} ${restText}`, { detail });
}

/** Where whoever requested it asks for the download again. */
export function retryOf(downloadId: string): string {
  return `/api/v1/downloads/${downloadId}/retry`;
}

const restText = 'A retry of the download gives whoever requested it a new one with the rest.';

function refusalDetail(refused: RefusedInBundle | null): object {
  return refused === null ? {} : { counts: { refused: refused.assets }, outcomes: refused.outcomes };
}

function refusedText(refused: RefusedInBundle | null): string {
  return `${refused?.assets ?? 0} of the assets in this archive may no longer be downloaded.`;
}

function endedText(refused: RefusedInBundle | null): string {
  return refused === null
    ? 'This link has expired with its archive. A retry of the download makes the archive again for whoever requested it.'
    : `This link has expired with its archive. ${refusedText(refused)} ${restText}`;
}
