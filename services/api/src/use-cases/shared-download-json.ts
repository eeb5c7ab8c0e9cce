import type { SharedDownloadJson } from '@sheaf/contract/shared-download';
import type { SharedDownload } from '@sheaf/db/downloads/list-shared-downloads';
import type { Sealer } from '@sheaf/runtime/seal';
import { downloadJson } from './download-json.ts';

/**
 * What the recipient of a link is shown: the link that they were sent, where it works. They hold it already; other links
 * of the download, and what it asked for, are the requester's.
 */
export function sharedDownloadJson(
  { id, sharedAt, ownerDisabled, download }: SharedDownload,
  { linkSealer, now }: { linkSealer: Sealer; now: Date },
): SharedDownloadJson {
  const shown = downloadJson(download, { viewerId: download.requester.id, linkSealer, now });
  const state = stateOf(shown.state, { linkWorks: shown.bundle?.linkId != null, ownerDisabled });
  const bundle = shown.bundle === null ? null : withoutLinkId(shown.bundle, state === 'ready');
  return {
    id,
    downloadId: download.id,
    name: shown.name,
    from: { name: download.requester.name, email: download.requester.email },
    sharedAt: sharedAt.toISOString(),
    state,
    counts: shown.counts,
    expiresAt: shown.expiresAt,
    bundle,
  };
}

function stateOf(
  state: ReturnType<typeof downloadJson>['state'],
  { linkWorks, ownerDisabled }: { linkWorks: boolean; ownerDisabled: boolean },
): SharedDownloadJson['state'] {
  if (state === 'expired' || state === 'revoked') return state;
  if (state === 'failed' || state === 'cancelled') return 'unavailable';
  if (ownerDisabled) return 'revoked';
  if (state !== 'ready') return 'preparing';
  return linkWorks ? 'ready' : 'revoked';
}

function withoutLinkId(
  { linkId: _, parts, ...bundle }: NonNullable<ReturnType<typeof downloadJson>['bundle']>,
  works: boolean,
): SharedDownloadJson['bundle'] {
  return { ...bundle, parts: works ? parts : parts.map((part) => ({ ...part, url: null })) };
}
