import type { AcceptedVersion } from '@sheaf/db/downloads/record-acceptances';
import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { DownloadRequest } from '@sheaf/domain/download-request';
import type { ToldEvent } from './told-event.ts';

export interface GrantedRequest {
  request: DownloadRequest;
  decision: Pick<DownloadDecision, 'counts' | 'direct'>;
  /** As they were recorded with the request. */
  accepted: readonly AcceptedVersion[];
  /** Null where the file is sent as it is. */
  downloadId: string | null;
  now: Date;
}

/** What the audit log says of a request that was granted: what was asked for, and each licence that was accepted. */
export function requestEvents({ request, decision, accepted, downloadId, now }: GrantedRequest): ToldEvent[] {
  const { direct, counts } = decision;
  const subject = { at: now, downloadId, assetId: downloadId === null ? direct?.assetId : null };
  const { name, assetIds, notify, acceptLicences: _, ...options } = request;
  const asked: ToldEvent =
    downloadId === null
      ? { ...subject, action: 'download.direct', detail: { renditionId: direct?.renditionId } }
      : {
          ...subject,
          action: 'download.requested',
          detail: {
            name,
            assets: assetIds.length,
            counts,
            // Whom else it was sent to is theirs, and nothing here can ever be forgotten.
            options: { ...options, notify: { email: notify.email, others: notify.to.length } },
          },
        };
  const acceptances = accepted.map(({ licenceId, version, sha256 }): ToldEvent => {
    return { ...subject, action: 'licence.accepted', licenceId, detail: { version, sha256 } };
  });
  return [asked, ...acceptances];
}
