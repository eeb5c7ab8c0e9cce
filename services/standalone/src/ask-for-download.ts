import { setTimeout as wait } from 'node:timers/promises';
import type { DownloadJson } from '@sheaf/contract/download';
import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import type { PreflightJson } from '@sheaf/contract/preflight';
import { AppError } from '@sheaf/domain/app-error';
import type { DownloadState } from '@sheaf/domain/download-state';
import type { ApiClient } from './api-client.ts';

export interface FinishedDownload {
  download: DownloadJson;
  /** From the request to the first answer that says `ready`. */
  secondsToReady: number;
}

const underWay: ReadonlySet<DownloadState> = new Set(['requested', 'queued', 'gathering', 'packing']);
const pollMs = 150;

/** What accepts each licence of a request that can be accepted: for a catalogue whose terms bind nobody. */
export async function acceptancesOf(
  client: ApiClient,
  request: DownloadRequestJson,
): Promise<NonNullable<DownloadRequestJson['acceptLicences']>> {
  const { body } = await client.post<PreflightJson>('/downloads/preflight', request);
  return body.licences.flatMap(({ approved, licenceId, sha256 }) =>
    approved && sha256 !== null ? [{ licenceId, sha256 }] : [],
  );
}

/**
 * Asks for a download and waits until it is ready. Throws `internal` when it ends in another way or takes longer than the
 * deadline.
 */
export async function askForDownload(
  client: ApiClient,
  request: DownloadRequestJson,
  deadlineMs = 120_000,
): Promise<FinishedDownload> {
  const since = performance.now();
  const made = await client.post<DownloadJson>('/downloads', request);
  let download = made.body;
  while (underWay.has(download.state) && performance.now() - since < deadlineMs) {
    await wait(pollMs);
    download = await client.get<DownloadJson>(`/downloads/${download.id}`);
  }
  if (download.state !== 'ready') {
    const why = download.error ? `: ${download.error.message}` : '';
    throw new AppError('internal', `The download "${download.name}" is ${download.state}, not ready${why}`);
  }
  return { download, secondsToReady: (performance.now() - since) / 1_000 };
}
