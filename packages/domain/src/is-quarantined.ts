import type { ErrorCode } from './app-error.ts';
import type { DownloadState } from './download-state.ts';

/** The error of a download whose every run lost its worker. */
export const poisonCode = 'download.worker_lost' satisfies ErrorCode;

/** Whether a download is kept from workers until an administrator releases it: so many of them were lost over it. */
export function isQuarantined({ state, errorCode }: { state: DownloadState; errorCode: string | null }): boolean {
  return state === 'failed' && errorCode === poisonCode;
}
