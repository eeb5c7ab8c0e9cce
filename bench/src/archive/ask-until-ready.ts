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

/** Asks for the originals of these assets, and follows the download as a screen does until it is ready. */
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
  for await (const { state, bundle, readyAt, error } of follow(`${url}/api/v1/downloads/${id}/events`, headers)) {
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
  }
  throw new Error('The events of the download ended before it was ready.');
}

/** A download, now and after each change. */
async function* follow(url: string, headers: BenchSystem['headers']): AsyncGenerator<DownloadJson> {
  const events = await fetch(url, { headers });
  if (events.status !== 200) throw new Error(`GET ${url} answered ${events.status}: ${await events.text()}`);
  let received = '';
  for await (const text of events.body!.pipeThrough(new TextDecoderStream())) {
    received += text;
    const lines = received.split('\n');
    received = lines.pop()!;
    for (const line of lines) if (line.startsWith('data: {"id"')) yield JSON.parse(line.slice('data: '.length));
  }
}
