import type { Executor } from '@sheaf/db/database';
import type { Delivery } from '@sheaf/db/downloads/find-delivery';
import { AppError } from '@sheaf/domain/app-error';
import { refusedInBundle } from './refused-in-bundle.ts';

/**
 * Whether a link may be followed now. Throws `link.revoked`, `link.expired` or, where the owner may no longer have
 * something in the bundle, `download.assets_refused` with the outcomes of what it is.
 */
export async function assertDeliverable(executor: Executor, delivery: Delivery, now: Date): Promise<void> {
  const { link, download, owner, ownerDisabledAt } = delivery;
  if (link.revokedAt !== null || download.state === 'revoked') {
    throw new AppError('link.revoked', 'This link has been revoked.');
  }
  if (ownerDisabledAt !== null) {
    throw new AppError('link.revoked', 'This link has ended with the account of the person who made the request.');
  }
  const bundleEnd = download.expiresAt;
  if (download.state !== 'ready' || link.expiresAt <= now || (bundleEnd !== null && bundleEnd <= now)) {
    throw new AppError('link.expired', 'This link has expired.');
  }
  const refused = await refusedInBundle(executor, { downloadId: download.id, owner, now });
  if (refused !== null) {
    throw new AppError(
      'download.assets_refused',
      `${refused.assets} of the assets in this archive may no longer be downloaded. A retry of the download gives whoever requested it a new one with the rest.`,
      {
        detail: {
          counts: { refused: refused.assets },
          outcomes: refused.outcomes,
          retry: `/api/v1/downloads/${download.id}/retry`,
        },
      },
    );
  }
}
