import { reasonText } from '@sheaf/domain/reason-text';
import { eventTitle } from './event-title.ts';
import { sizeText, timeText } from './human-text.ts';
import type { Notice } from './notice.ts';

/** What an email says, before it is laid out as text or HTML. Nothing in it is escaped. */
export interface EmailLines {
  title: string;
  paragraphs: string[];
  links: { label: string; url: string }[];
  /** What is not there, and why; null when everything is. */
  missing: { heading: string; reasons: string[]; assets: string[]; more: number } | null;
}

/** The content of the email about a download that is ready or has failed. */
export function emailLines(notice: Notice): EmailLines {
  const { download, summary } = notice;
  const title = eventTitle(notice);
  if (notice.event !== 'download.ready') {
    return { title, paragraphs: [download.error?.message ?? ''], links: [], missing: missing(notice) };
  }
  const parts = download.bundle?.parts ?? [];
  const files = `${counted(download.progress.entriesTotal, 'file')} of ${counted(summary.included, 'asset')}`;
  const size = sizeText(download.bundle?.size ?? 0);
  const inParts = parts.length > 1 ? ` in ${parts.length} parts` : '';
  const until = download.expiresAt === null ? [] : [`It can be downloaded until ${timeText(download.expiresAt)}.`];
  return {
    title,
    paragraphs: [`The archive has ${files}: ${size}${inParts}.`, ...until, ...expiring(notice)],
    links: parts.flatMap(({ number, size, url }) => {
      const label = parts.length === 1 ? `Download (${sizeText(size)})` : `Download part ${number} (${sizeText(size)})`;
      return url === null ? [] : [{ label, url }];
    }),
    missing: missing(notice),
  };
}

/** Assets named in a sentence; the number of the others is told. */
const namedInSentence = 3;

function expiring({ expiring: { withinDays, assets, first } }: Notice): string[] {
  if (assets === 0) return [];
  const named = first
    .slice(0, namedInSentence)
    .map(({ assetId, title, days }) => `“${title || assetId}” in ${counted(days, 'day')}`);
  const more = assets > named.length ? [`and ${assets - named.length} more`] : [];
  const expire = assets === 1 ? 'expires' : 'expire';
  return [
    `${counted(assets, 'asset')} ${expire} within ${counted(withinDays, 'day')}: ${[...named, ...more].join(', ')}.`,
  ];
}

function missing({ summary, incomplete }: Notice): EmailLines['missing'] {
  if (summary.reasons.length === 0) return null;
  const total = summary.reasons.reduce((sum, { excluded, partial }) => sum + excluded + partial, 0);
  return {
    heading: `Not, or not completely, included: ${counted(total, 'asset')}`,
    reasons: summary.reasons.map(({ excluded, partial, text }) => `${excluded + partial} × ${text}`),
    assets: incomplete.map(({ assetId, title, outcome, reason }) => {
      const part = outcome === 'included' ? ' (some files)' : '';
      return `${title || assetId}${part}: ${reasonText[reason]}`;
    }),
    more: total - incomplete.length,
  };
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
