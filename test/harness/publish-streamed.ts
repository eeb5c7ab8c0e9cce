import { readdirSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { layoutArchive } from '@sheaf/archive/layout-archive';
import type { DownloadJson } from '@sheaf/contract/download';
import { type DeliveryPart, findDelivery } from '@sheaf/db/downloads/find-delivery';
import { loadDownloadRequest } from '@sheaf/db/downloads/load-download-request';
import { hashSecretToken } from '@sheaf/runtime/secret-token';
import { ownEntries } from '@sheaf/worker/own-entries';
import { planBundle } from '@sheaf/worker/plan-bundle';
import { storeLaidOut } from '@sheaf/worker/store-laid-out';
import type { TestApiOptions, TestUser } from './api.ts';
import { setupSteps, type TestSteps } from './steps.ts';

/** A ready download whose archive is made of the stored files while it is sent. */
export interface StreamedDownload {
  downloadId: string;
  /** Of the default link. */
  token: string;
  /** By number. */
  parts: (DeliveryPart & { bundle: NonNullable<DeliveryPart['bundle']> })[];
  json: DownloadJson;
}

/** An answer over a real connection, which may break off. */
export interface StreamedAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** As far as it came. */
  body: Buffer;
  complete: boolean;
}

/** The API with a catalogue to fill, and downloads that a worker publishes to be streamed. Gone when the test has finished. */
export async function setupStreamed(options: TestApiOptions = {}) {
  const api = await setupSteps(options);
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = api.app.server.address() as AddressInfo;
  return {
    ...api,
    port,
    /** Takes both steps of a download, as the worker does. */
    publishStreamed: (downloadId: string, user = api.users.requester) => publishStreamed(api, downloadId, user),
    /** A ready download's archive as the worker would have packed it into one file, and where its pieces begin. */
    pack: (downloadId: string, part = 1) => packToFile(api, downloadId, part),
    fetch: (path: string, headers: Record<string, string> = {}) => fetchFrom(port, path, headers),
    /** Files in the storage that this process has open. Linux only. */
    openFiles: () => openFilesIn(api.storageFolder),
  };
}

export type TestStreamed = Awaited<ReturnType<typeof setupStreamed>>;

async function publishStreamed(api: TestSteps, downloadId: string, user: TestUser): Promise<StreamedDownload> {
  await api.takeStep.gather(downloadId);
  await api.takeStep.pack(downloadId);
  const json: DownloadJson = (await api.get(`/downloads/${downloadId}`, user)).json();
  if (json.bundle?.delivery !== 'streamed') throw new Error(`Not streamed: ${JSON.stringify(json)}`);
  const token = json.bundle.parts[0]!.url!.split('/')[2]!;
  const delivery = await findDelivery(api.db.orm, hashSecretToken(token));
  return { downloadId, token, parts: delivery!.parts as StreamedDownload['parts'], json };
}

async function packToFile(
  { workerDeps: deps, db, storage }: TestSteps,
  downloadId: string,
  part: number,
): Promise<{ bytes: Buffer; etag: string; starts: number[] }> {
  const { request } = await loadDownloadRequest(db.orm, downloadId);
  const plan = await planBundle(deps, downloadId);
  const closing = await ownEntries(deps, { downloadId, request }, plan, part);
  const archive = layoutArchive(plan.parts.find(({ number }) => number === part)!.content, { closing });
  const objectKey = `packed/${downloadId}/${part}.zip`;
  const { signal } = new AbortController();
  const writer = await storeLaidOut(deps, archive, { objectKey, signal, delivery: 'packed', onProgress() {} });
  await writer.commit();
  const bytes = await readFile(storage.objects.path(objectKey)!);
  await storage.objects.remove(objectKey);
  return { bytes, etag: archive.etag, starts: Array.from(archive.segments(0), ({ start }) => start) };
}

function fetchFrom(port: number, path: string, headers: Record<string, string>): Promise<StreamedAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      // Said of a connection that broke off; `complete` tells it as well.
      response.on('error', () => {});
      response.on('close', () => {
        const { statusCode: status = 0, complete } = response;
        resolve({ status, headers: response.headers, body: Buffer.concat(chunks), complete });
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

function openFilesIn(folder: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      // Closed since the folder was read.
      return false;
    }
  }).length;
}
