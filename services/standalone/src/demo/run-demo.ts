import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AssetJson } from '@sheaf/contract/asset';
import type { BundleJson } from '@sheaf/contract/download';
import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import type { InboxItemJson } from '@sheaf/contract/inbox';
import type { LicenceJson } from '@sheaf/contract/licence';
import type { OutcomeJson } from '@sheaf/contract/outcome';
import type { NewWebhookJson } from '@sheaf/contract/webhook';
import { AppError } from '@sheaf/domain/app-error';
import { type ApiClient, signIn } from '../api-client.ts';
import { acceptancesOf, askForDownload, type FinishedDownload } from '../ask-for-download.ts';
import { prepareFirstRun } from '../first-run.ts';
import { formatBytes } from '../format-bytes.ts';
import type { System } from '../start-system.ts';
import { type CheckedEvidence, checkEvidence } from './check-evidence.ts';
import { compareArchive } from './compare-archive.ts';
import { fetchArchive } from './fetch-archive.ts';
import { fetchKeys } from './fetch-keys.ts';
import type { MailServer } from './mail-server.ts';
import { readArchive } from './read-archive.ts';
import type { Waiter } from './wait-until.ts';
import type { WebhookListener } from './webhook-listener.ts';

/** What the demo found; printed as the last line of its output. */
export interface DemoResult extends CheckedEvidence {
  downloadId: string;
  state: string;
  /** Requested: `included` and `excluded` together. */
  assets: number;
  included: number;
  excluded: number;
  /** Files in the archive, as an unzip program counts them: the assets' files, the licences, manifest, receipt and signature. */
  entries: number;
  /** Of the archive, in bytes. */
  size: number;
  /** Of the archive. */
  sha256: string;
  /** Where the archive is left. */
  file: string;
  /** Where the public keys are left, as the API published them: `sheaf verify <file> --keys <keys>`. */
  keys: string;
  /** How the archive was delivered. */
  delivery: BundleJson['delivery'] | null;
  secondsToReady: number;
  notifications: { email: number; webhook: number; inbox: number };
}

export interface DemoStage {
  system: System;
  mail: MailServer;
  webhooks: WebhookListener;
  waiter: Waiter;
  tell(line: string): void;
}

const notificationsWithinMs = 30_000;

/** Does the main job once, end to end, and checks all of it. Throws `internal` at the first thing that is not right. */
export async function runDemo(stage: DemoStage): Promise<DemoResult> {
  const { system, webhooks, tell } = stage;
  const first = await prepareFirstRun(system);
  if (!first) throw new AppError('internal', 'The data folder of the demo is not new.');
  if (!first.samples) {
    throw new AppError('resource.not_found', 'The demo needs the sample pictures; npm ci installs them.');
  }
  tell(`Imported ${first.samples.assetIds.length} assets with their renditions.`);

  const { requester } = first.users;
  const client = await signIn(system.url, requester.email, requester.password);
  const webhook = await client.post<NewWebhookJson>('/webhooks', { url: webhooks.url, events: ['download.ready'] });
  webhooks.expect(webhook.body.secret);

  const request = {
    name: 'Whole catalogue',
    assetIds: first.samples.assetIds,
    renditions: 'originals-and-static',
    layout: 'catalogue',
    unavailable: 'skip',
    notify: { email: true },
  } as const satisfies DownloadRequestJson;
  const acceptLicences = await acceptancesOf(client, request);
  const finished = await askForDownload(client, { ...request, acceptLicences });
  const { download } = finished;
  const { included, excluded } = download.counts;
  tell(`Ready after ${finished.secondsToReady.toFixed(2)} s: ${included} assets included, ${excluded} left out.`);

  const notifications = await collectNotifications(stage, client, finished);
  tell('Notified by email, webhook and inbox.');

  const file = path.join(tmpdir(), `sheaf-demo-${randomUUID()}.zip`);
  const archive = await fetchArchive(linkInMail(stage), file);
  tell(`Downloaded ${formatBytes(archive.size)} through the link in the email.`);
  if (archive.size !== download.bundle?.size)
    throw new AppError('internal', 'The archive has another size than the API says.');

  const entries = await checkArchive(client, download.id, file);
  tell(`All ${entries} files in the archive are what the catalogue says.`);
  const keys = await fetchKeys(system.url, `${file}.keys.json`);
  const evidence = await checkEvidence(keys, file);
  tell('Verified the archive against the published keys; a copy with one byte changed is rejected.');

  return {
    downloadId: download.id,
    state: download.state,
    assets: first.samples.assetIds.length,
    included,
    excluded,
    entries,
    size: archive.size,
    sha256: archive.sha256,
    file,
    keys,
    delivery: download.bundle?.delivery ?? null,
    secondsToReady: Math.round(finished.secondsToReady * 1_000) / 1_000,
    notifications,
    ...evidence,
  };
}

async function collectNotifications(
  { mail, webhooks, waiter }: DemoStage,
  client: ApiClient,
  { download }: FinishedDownload,
): Promise<DemoResult['notifications']> {
  await waiter.until(() => mail.mails.length > 0 && webhooks.accepted.size > 0, notificationsWithinMs);
  const inbox = await untilInInbox(client, download.id);
  const counts = { email: mail.mails.length, webhook: webhooks.accepted.size, inbox: inbox.length };
  const missing = Object.entries(counts).filter(([, count]) => count !== 1);
  if (missing.length > 0) {
    const said = [...missing.map(([channel, count]) => `${count} by ${channel}`), ...webhooks.refused].join('; ');
    throw new AppError('internal', `Not exactly one notification of each kind arrived: ${said}.`);
  }
  return counts;
}

async function untilInInbox(client: ApiClient, downloadId: string): Promise<InboxItemJson[]> {
  const deadline = Date.now() + notificationsWithinMs;
  for (;;) {
    const items = await client.list<InboxItemJson>('/me/inbox');
    const about = items.filter((item) => item.downloadId === downloadId);
    if (about.length > 0 || Date.now() > deadline) return about;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function linkInMail({ mail, system }: DemoStage): string {
  const text = mail.mails[0]?.text ?? '';
  const start = text.indexOf(`${system.url}/d/`);
  const link = start < 0 ? undefined : text.slice(start).match(/^\S+/)?.[0];
  if (!link) throw new AppError('internal', 'There is no link in the email.');
  return link;
}

/** Returns the number of files in the archive. */
async function checkArchive(client: ApiClient, downloadId: string, file: string): Promise<number> {
  const { entries, manifest } = await readArchive(file);
  const outcomes = await client.list<OutcomeJson>(`/downloads/${downloadId}/items`);
  const included = outcomes.filter((outcome) => outcome.outcome === 'included');
  const faults = compareArchive(entries, manifest, {
    outcomes,
    assets: await Promise.all(included.map(({ assetId }) => client.get<AssetJson>(`/assets/${assetId}`))),
    licences: await client.list<LicenceJson>('/licences'),
  });
  if (faults.length > 0) throw new AppError('internal', `The archive is not what it should be. ${faults.join(' ')}`);
  return entries.length;
}
