import { setTimeout as pause } from 'node:timers/promises';
import type { DownloadJson } from '@sheaf/contract/download';
import type { BenchSystem } from '../bench-system.ts';

export interface ReadyDownload {
  id: string;
  /** Of its only part. */
  url: string;
  size: number;
  seconds: {
    /** From the request to its answer. */
    accept: number;
    /** From the answer until the state is ready for whoever asks for it. */
    ready: number;
    /** The same as the download itself says it. */
    readyAt: number;
  };
}

const pollMs = 10;

/** Asks for the originals of these assets, and looks every few milliseconds whether they are ready. */
export async function askUntilReady(
  { url, headers }: Pick<BenchSystem, 'url' | 'headers'>,
  assetIds: readonly string[],
): Promise<ReadyDownload> {
  const body = JSON.stringify({ assetIds, renditions: 'originals' });
  const asked = performance.now();
  const answer = await fetch(`${url}/api/v1/downloads`, { method: 'POST', headers, body });
  if (answer.status !== 202) throw new Error(`POST /downloads answered ${answer.status}: ${await answer.text()}`);
  const acceptedAt = Date.now();
  const accepted = performance.now();
  const { id } = (await answer.json()) as DownloadJson;
  while (true) {
    const shown = await fetch(`${url}/api/v1/downloads/${id}`, { headers });
    const { state, bundle, readyAt, error } = (await shown.json()) as DownloadJson;
    if (state === 'ready') {
      const [part] = bundle!.parts;
      const seconds = {
        accept: (accepted - asked) / 1_000,
        ready: (performance.now() - accepted) / 1_000,
        readyAt: (Date.parse(readyAt!) - acceptedAt) / 1_000,
      };
      return { id, url: `${url}${part!.url}`, size: part!.size, seconds };
    }
    if (!['requested', 'queued', 'gathering', 'packing'].includes(state)) {
      throw new Error(`The download is ${state}: ${error?.message}`);
    }
    await pause(pollMs);
  }
}
