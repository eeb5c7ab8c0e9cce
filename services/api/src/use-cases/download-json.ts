import type { DownloadJson, ProgressJson } from '@sheaf/contract/download';
import type { DownloadView } from '@sheaf/db/downloads/download-view';
import type { DownloadState } from '@sheaf/domain/download-state';
import { isQuarantined } from '@sheaf/domain/is-quarantined';
import { isOversized } from '@sheaf/domain/split-parts';
import type { Sealer } from '@sheaf/runtime/seal';

export interface DownloadJsonContext {
  /** Who is shown it: nobody but the requester gets the links. */
  viewerId: string;
  /** Opens the tokens of default links. */
  linkSealer: Sealer;
  now: Date;
}

/** A download as the API shows it. */
export function downloadJson(view: DownloadView, context: DownloadJsonContext): DownloadJson {
  return {
    id: view.id,
    name: view.name,
    version: view.version,
    state: shownState(view, context.now),
    requester: view.requester,
    background: view.background,
    progress: progressJson(view),
    counts: { included: view.included, excluded: view.excluded },
    bundle: bundleJson(view, context),
    createdAt: view.createdAt.toISOString(),
    readyAt: view.readyAt?.toISOString() ?? null,
    expiresAt: endOf(view)?.toISOString() ?? null,
    cancelRequestedAt: view.cancelRequestedAt?.toISOString() ?? null,
    error: view.error,
    quarantined: isQuarantined({ state: view.state, errorCode: view.error?.code ?? null }),
    restOf: view.restOf,
  };
}

/** One whose time is over has expired, whether or not the sweep has been there to write it down. */
export function shownState({ state, expiresAt }: DownloadView, now: Date): DownloadState {
  return state === 'ready' && expiresAt !== null && expiresAt <= now ? 'expired' : state;
}

/** Its own end, or that of something in it where an earlier one was set since. */
function endOf({ expiresAt, contentEndsAt, state }: DownloadView): Date | null {
  if (state !== 'ready' || expiresAt === null || contentEndsAt === null) return expiresAt;
  return contentEndsAt < expiresAt ? contentEndsAt : expiresAt;
}

function progressJson(view: DownloadView): ProgressJson {
  const { entriesDone, entriesTotal, bytesDone, bytesTotal, queuePosition, waitsForOwn, etaSeconds } = view;
  return { entriesDone, entriesTotal, bytesDone, bytesTotal, queuePosition, waitsForOwn, etaSeconds };
}

function bundleJson(view: DownloadView, context: DownloadJsonContext): DownloadJson['bundle'] {
  if (view.parts.length === 0) return null;
  const link = shownLink(view, context);
  const path = link === null ? null : linkPath(link, context);
  return {
    format: view.request.format,
    delivery: view.parts[0]!.delivery,
    size: view.parts.reduce((sum, { size }) => sum + size, 0),
    linkId: link?.id ?? null,
    parts: view.parts.map(({ number, size, etag, fault }) => ({
      number,
      size,
      oversized: isOversized(size, view.request),
      etag,
      url: path === null || fault !== null ? null : view.parts.length === 1 ? path : `${path}/${number}`,
      fault,
    })),
  };
}

/** Null where a GET of it would be refused anyway, and for everyone but the requester. */
function shownLink(
  { state, requester, defaultLink }: DownloadView,
  { viewerId, now }: DownloadJsonContext,
): DownloadView['defaultLink'] {
  if (state !== 'ready' || requester.id !== viewerId || defaultLink === null) return null;
  return defaultLink.revokedAt !== null || defaultLink.expiresAt <= now ? null : defaultLink;
}

function linkPath({ sealedToken }: { sealedToken: Buffer }, { linkSealer }: DownloadJsonContext): string | null {
  try {
    return `/d/${linkSealer.open(sealedToken)}`;
  } catch {
    // Sealed with a key that is no longer the instance's: the link itself still works for whoever has it.
    return null;
  }
}
