import type { DownloadJson, ProgressJson } from '@sheaf/contract/download';
import type { DownloadView } from '@sheaf/db/downloads/download-view';
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
    state: view.state,
    requester: view.requester,
    background: view.background,
    progress: progressJson(view, context.now),
    counts: { included: view.included, excluded: view.excluded },
    bundle: bundleJson(view, context),
    createdAt: view.createdAt.toISOString(),
    readyAt: view.readyAt?.toISOString() ?? null,
    expiresAt: view.expiresAt?.toISOString() ?? null,
    error: view.error,
  };
}

function progressJson(view: DownloadView, now: Date): ProgressJson {
  const { entriesDone, entriesTotal, bytesDone, bytesTotal, queuePosition } = view;
  return { entriesDone, entriesTotal, bytesDone, bytesTotal, queuePosition, etaSeconds: etaSeconds(view, now) };
}

/** At the rate so far; null while nothing has been done yet, and when nothing is being done. */
function etaSeconds({ state, startedAt, bytesDone, bytesTotal }: DownloadView, now: Date): number | null {
  if (state !== 'packing' || startedAt === null || bytesDone === 0) return null;
  const elapsed = Math.max(0, now.getTime() - startedAt.getTime()) / 1_000;
  return Math.ceil((elapsed * Math.max(0, bytesTotal - bytesDone)) / bytesDone);
}

function bundleJson(view: DownloadView, context: DownloadJsonContext): DownloadJson['bundle'] {
  if (view.parts.length === 0) return null;
  const path = linkPath(view, context);
  return {
    format: view.request.format,
    size: view.parts.reduce((sum, { size }) => sum + size, 0),
    parts: view.parts.map(({ number, size, sha256 }) => ({
      number,
      size,
      etag: `"${sha256}"`,
      url: path === null || view.parts.length === 1 ? path : `${path}/${number}`,
    })),
  };
}

/** Null where a GET of it would be refused anyway, and for everyone but the requester. */
function linkPath(
  { state, requester, defaultLink }: DownloadView,
  { viewerId, linkSealer, now }: DownloadJsonContext,
): string | null {
  if (state !== 'ready' || requester.id !== viewerId || defaultLink === null) return null;
  if (defaultLink.revokedAt !== null || defaultLink.expiresAt <= now) return null;
  try {
    return `/d/${linkSealer.open(defaultLink.sealedToken)}`;
  } catch {
    // Sealed with a key that is no longer the instance's: the link itself still works for whoever has it.
    return null;
  }
}
