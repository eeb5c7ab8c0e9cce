import { rm } from 'node:fs/promises';
import type { DownloadJson } from '@sheaf/contract/download';
import type { BenchSystem } from './bench-system.ts';
import { addToCatalogue } from './catalogue.ts';
import { writeSampleFiles } from './sample-files.ts';

/** One large download through the whole system: how long it took, and the most memory that the worker ever used. */
export async function benchWorker(system: BenchSystem, folder: string, count: number, size: number) {
  const source = await writeSampleFiles(folder, count, size);
  const assetIds = await addToCatalogue(system, `${count} files`, source.files);
  await rm(folder, { recursive: true, force: true });
  const idle = await system.workerPeakBytes();
  const start = performance.now();
  const id = await ask(system, assetIds);
  const download = await untilReady(system, id);
  return {
    files: count,
    megabytes: source.totalBytes / 1e6,
    secondsToReady: (performance.now() - start) / 1_000,
    archiveMegabytes: (download.bundle?.size ?? 0) / 1e6,
    workerPeakMegabytesBefore: idle / 1e6,
    workerPeakMegabytes: (await system.workerPeakBytes()) / 1e6,
  };
}

export async function ask({ url, headers }: BenchSystem, assetIds: string[]): Promise<string> {
  const answer = await fetch(`${url}/api/v1/downloads`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ assetIds, renditions: 'originals' }),
  });
  if (answer.status !== 202) throw new Error(`POST /downloads answered ${answer.status}: ${await answer.text()}`);
  const { id } = (await answer.json()) as DownloadJson;
  return id;
}

export async function untilReady({ url, headers }: BenchSystem, id: string): Promise<DownloadJson> {
  while (true) {
    const answer = await fetch(`${url}/api/v1/downloads/${id}`, { headers });
    const download = (await answer.json()) as DownloadJson;
    if (download.state === 'ready') return download;
    if (!['requested', 'queued', 'gathering', 'packing'].includes(download.state)) {
      throw new Error(`The download is ${download.state}: ${download.error?.message}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
