import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { DownloadRequest } from '@sheaf/domain/download-request';
import type { NewDownload } from '../downloads/insert-download.ts';

/** What a request becomes, with every licence accepted in its first version, and nothing known of where it came from. */
export function newDownload(requested: {
  requesterId: string;
  request: DownloadRequest;
  decision: DownloadDecision;
  now: Date;
}): NewDownload {
  const accepted = requested.request.acceptLicences.map((given) => ({ ...given, version: 1 }));
  return { ...requested, accepted, requestId: null, ipAddress: null, userAgent: null };
}
