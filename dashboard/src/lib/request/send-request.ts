import type { DirectDownloadJson, DownloadJson } from '@sheaf/contract/download';
import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import { downloadsApi } from '#lib/api/downloads.ts';

/**
 * Asks for a download. A file that needs no archive is fetched by the browser at once (rule 10).
 * @returns The download that is now being made; null where there is none to wait for.
 */
export async function sendRequest(body: DownloadRequestJson, key: string): Promise<DownloadJson | null> {
  const answer: DownloadJson | DirectDownloadJson = await downloadsApi.request(body, key);
  if (!('direct' in answer)) return answer;
  const link = document.createElement('a');
  link.href = answer.direct;
  link.download = '';
  link.click();
  return null;
}
