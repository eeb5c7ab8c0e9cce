import type { AdminDownloadDetailJson, AdminNotificationJson } from '@sheaf/contract/admin-download-detail';
import type { Executor } from '@sheaf/db/database';
import { type ListedNotification, listNotifications } from '@sheaf/db/download-detail/list-notifications';
import { type DownloadDetail, loadDownloadDetail } from '@sheaf/db/download-detail/load-download-detail';
import { type FoundDownload, loadFoundDownloads } from '@sheaf/db/download-search/load-found-downloads';
import { noSuchDownload } from '@sheaf/downloads/download-scope';
import { foundDownloadJson } from './search-downloads.ts';

/** Everything about one download. Throws `resource.not_found`. */
export async function readDownloadDetail(executor: Executor, downloadId: string): Promise<AdminDownloadDetailJson> {
  const [[found], detail, notifications] = await Promise.all([
    loadFoundDownloads(executor, [downloadId]),
    loadDownloadDetail(executor, downloadId),
    listNotifications(executor, downloadId),
  ]);
  const { facts } = detail;
  if (found === undefined || facts === null) throw noSuchDownload();
  return {
    download: foundDownloadJson(found),
    options: { ...facts.request },
    origin: { requestId: facts.requestId, ipAddress: facts.ipAddress, userAgent: facts.userAgent },
    restOf: facts.restOf,
    restId: detail.restId,
    worker: facts.workerId === null ? null : { id: facts.workerId, leaseUntil: iso(facts.leaseUntil) },
    crashes: facts.crashes,
    timeline: timelineOf(found, detail, notifications),
    steps: detail.steps.map(stepJson),
    parts: detail.parts,
    licences: detail.licences,
    acceptances: detail.acceptances.map((given) => ({ ...given, acceptedAt: given.acceptedAt.toISOString() })),
    links: detail.links.map((link) => ({
      ...link,
      createdAt: link.createdAt.toISOString(),
      expiresAt: link.expiresAt.toISOString(),
      revokedAt: iso(link.revokedAt),
      lastUsedAt: iso(link.lastUsedAt),
    })),
    access: { ...detail.access, firstAt: iso(detail.access.firstAt), lastAt: iso(detail.access.lastAt) },
    notifications: notifications.map(notificationJson),
  };
}

function iso(at: Date | string | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

type Timeline = AdminDownloadDetailJson['timeline'];

/** What happened since it was last asked for, in order; each with how long it took after what came before. */
function timelineOf(found: FoundDownload, detail: DownloadDetail, notifications: ListedNotification[]): Timeline {
  const { facts, steps, access } = detail;
  const retried = found.chargedAt.getTime() - found.createdAt.getTime() > 1_000;
  const since = found.chargedAt.getTime() - 1_000;
  const current = steps.filter(({ startedAt, outcome }) => startedAt.getTime() >= since && outcome === 'done');
  const ended = (step: 'gather' | 'pack') => current.findLast((done) => done.step === step)?.endedAt;
  const delivered = notifications.flatMap(({ deliveredAt }) => (deliveredAt ? [deliveredAt.getTime()] : []));
  const inState = (...states: FoundDownload['state'][]) => states.includes(found.state);
  const events: [Timeline[number]['event'], Date | string | number | null | undefined][] = [
    ['requested', found.createdAt],
    ['retried', retried ? found.chargedAt : null],
    ['queued', facts?.queuedAt],
    ['gathered', ended('gather')],
    ['packed', ended('pack')],
    ['published', found.readyAt],
    ['notified', found.readyAt && delivered.length > 0 ? Math.max(...delivered) : null],
    ['accessed', access.firstAt],
    ['ended', inState('failed', 'cancelled', 'expired', 'revoked') ? found.finishedAt : null],
  ];
  const known = events.flatMap(([event, at]) => (at === null || at === undefined ? [] : [{ event, at: new Date(at) }]));
  return known.map(({ event, at }, index) => {
    const before = known[index - 1];
    return { event, at: at.toISOString(), ms: before ? Math.max(0, at.getTime() - before.at.getTime()) : null };
  });
}

function stepJson(step: DownloadDetail['steps'][number]): AdminDownloadDetailJson['steps'][number] {
  const { epoch, workerId, startedAt, endedAt, outcome, errorCode, errorMessage, errorStack } = step;
  return {
    epoch,
    step: step.step,
    workerId,
    startedAt: startedAt.toISOString(),
    endedAt: iso(endedAt),
    outcome,
    error: errorCode === null ? null : { code: errorCode, message: errorMessage, stack: errorStack },
  };
}

function notificationJson({ url, recipient, attempts, ...notification }: ListedNotification): AdminNotificationJson {
  return {
    ...notification,
    recipient: url ?? recipient,
    // Where a mail server took it, the attempt has that server's answer.
    kept: notification.channel === 'email' && attempts.findLast(({ ok }) => ok)?.status === null,
    createdAt: notification.createdAt.toISOString(),
    deliveredAt: iso(notification.deliveredAt),
    nextAttemptAt: iso(notification.nextAttemptAt),
    attempts: attempts.map(({ number, ok, status, error, durationMs, at }) => {
      return { number, ok, status, error, durationMs, at: at.toISOString() };
    }),
  };
}
