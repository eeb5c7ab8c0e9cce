import type { DownloadJson } from '@sheaf/contract/download';
import type { DownloadView } from '@sheaf/db/downloads/download-view';
import { findDownload } from '@sheaf/db/downloads/find-download';
import { findExpiringAssets } from '@sheaf/db/downloads/find-expiring-assets';
import { type SummarisedOutcomes, summariseOutcomes } from '@sheaf/db/downloads/summarise-outcomes';
import type { DownloadNotification } from '@sheaf/db/notifications/claim-notification';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { endingAssets } from '@sheaf/domain/ending-assets';
import { isQuarantined } from '@sheaf/domain/is-quarantined';
import { isOversized } from '@sheaf/domain/split-parts';
import type { WorkerDeps } from '../worker-deps.ts';

/** Everything that a notification can tell, whatever its channel. */
export interface Notice extends SummarisedOutcomes {
  event: DownloadNotification['event'];
  /** When the event happened. */
  at: Date;
  download: DownloadJson;
  expiring: ExpiringNotice;
}

/** Assets in the archive that expire soon (rule 8), the first to expire first. */
export interface ExpiringNotice {
  /** Within so many days. */
  withinDays: number;
  assets: number;
  /** As many as are named; the number of all is told. Times are RFC 3339. */
  first: { assetId: string; title: string; expiresAt: string; days: number }[];
}

/** How many incomplete assets are named; the numbers of all are told. */
const namedAssets = 20;

/**
 * The notice of an event, with its download as it is now. Links are whole URLs, and there are none unless the download
 * is ready. Null when the download is gone.
 */
export async function loadNotice(
  deps: Pick<WorkerDeps, 'db' | 'clock' | 'sealers' | 'publicUrl'>,
  { downloadId, event, createdAt }: Pick<DownloadNotification, 'downloadId' | 'event' | 'createdAt'>,
): Promise<Notice | null> {
  const view = await findDownload(deps.db.orm, { downloadId, requesterId: null });
  if (view === null) return null;
  const outcomes = await summariseOutcomes(deps.db.orm, downloadId, namedAssets);
  const expiring = await loadExpiring(deps, downloadId);
  return { ...outcomes, event, at: createdAt, download: downloadJson(view, deps), expiring };
}

async function loadExpiring(
  { db, clock }: Pick<WorkerDeps, 'db' | 'clock'>,
  downloadId: string,
): Promise<ExpiringNotice> {
  const now = clock();
  const { configuration } = await readVisibility(db.orm);
  const withinDays = configuration.expiringWithinDays;
  const { assets, first } = await findExpiringAssets(db.orm, { downloadId, withinDays, limit: namedAssets, now });
  const named = first.map(({ assetId: id, title, expiresAt }) => ({ asset: { id, title, expiresAt } }));
  const { expiring } = endingAssets(named, withinDays, now);
  return {
    withinDays,
    assets,
    first: expiring.map((asset) => ({ ...asset, expiresAt: asset.expiresAt.toISOString() })),
  };
}

/** Nobody is told of a download that waits. */
const noPlace = { queuePosition: null, waitsForOwn: false, etaSeconds: null };

/** In the API's shape. */
function downloadJson(view: DownloadView, deps: Pick<WorkerDeps, 'sealers' | 'publicUrl'>): DownloadJson {
  const { id, name, state, requester, background, entriesDone, entriesTotal, bytesDone, bytesTotal } = view;
  return {
    id,
    name,
    version: view.version,
    state,
    requester,
    background,
    progress: { entriesDone, entriesTotal, bytesDone, bytesTotal, ...noPlace },
    counts: { included: view.included, excluded: view.excluded },
    bundle: bundleJson(view, deps),
    createdAt: view.createdAt.toISOString(),
    readyAt: view.readyAt?.toISOString() ?? null,
    expiresAt: view.expiresAt?.toISOString() ?? null,
    cancelRequestedAt: view.cancelRequestedAt?.toISOString() ?? null,
    error: view.error,
    quarantined: isQuarantined({ state, errorCode: view.error?.code ?? null }),
    restOf: view.restOf,
  };
}

function bundleJson(
  { state, request, parts, defaultLink }: DownloadView,
  { sealers, publicUrl }: Pick<WorkerDeps, 'sealers' | 'publicUrl'>,
): DownloadJson['bundle'] {
  if (parts.length === 0) return null;
  const live = state === 'ready' && defaultLink !== null && defaultLink.revokedAt === null;
  const linkId = live ? defaultLink.id : null;
  const url = live ? `${publicUrl}/d/${sealers.link.open(defaultLink.sealedToken)}` : null;
  return {
    format: request.format,
    delivery: parts[0]!.delivery,
    size: parts.reduce((sum, { size }) => sum + size, 0),
    linkId,
    parts: parts.map(({ number, size, etag, fault }) => ({
      number,
      size,
      oversized: isOversized(size, request),
      etag,
      url: url === null || fault !== null ? null : parts.length === 1 ? url : `${url}/${number}`,
      fault,
    })),
  };
}
