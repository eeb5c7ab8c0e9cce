import type { Executor } from '@sheaf/db/database';
import { insertLink } from '@sheaf/db/downloads/insert-link';
import { AppError } from '@sheaf/domain/app-error';
import { type DownloadChange, lockForChange, stateConflict } from '@sheaf/downloads/lock-for-change';
import { hashSecretToken, newSecretToken } from '@sheaf/runtime/secret-token';

export interface NewLinkInput extends DownloadChange {
  /** Null for as long as the bundle lives. */
  expiresAt: Date | null;
}

export interface CreatedLink {
  id: string;
  /** Shown this once: only its hash is kept. */
  token: string;
  createdAt: Date;
  expiresAt: Date;
}

/**
 * One more link to a ready download. Throws `download.state_conflict` for one that is not ready, and `input.invalid`
 * for an end that has passed or that lies after the bundle's own.
 */
export async function createLink(tx: Executor, input: NewLinkInput): Promise<CreatedLink> {
  const { actor, now } = input;
  const download = await lockForChange(tx, input);
  const bundleEnd = download.expiresAt;
  if (download.state !== 'ready' || bundleEnd === null || bundleEnd <= now) throw stateConflict(download, 'linked to');
  const expiresAt = input.expiresAt ?? bundleEnd;
  if (expiresAt <= now || expiresAt > bundleEnd) {
    const message = `must lie in the future, and not after the bundle's own end at ${bundleEnd.toISOString()}`;
    throw new AppError('input.invalid', `The link's end ${message}.`, {
      detail: { errors: [{ path: '/expiresAt', message }] },
    });
  }
  const token = newSecretToken();
  const id = await insertLink(tx, {
    downloadId: download.id,
    tokenHash: hashSecretToken(token),
    sealedToken: null,
    createdBy: actor.id,
    createdAt: now,
    expiresAt,
  });
  return { id, token, createdAt: now, expiresAt };
}
