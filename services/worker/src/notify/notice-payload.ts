import type { Notice } from './notice.ts';

/** What webhooks and inbox entries carry. */
export interface NoticePayload {
  type: Notice['event'];
  /** When the event happened, RFC 3339. */
  timestamp: string;
  data: {
    download: Notice['download'];
    outcomes: Notice['summary'] & { incomplete: Notice['incomplete'] };
    expiring: Notice['expiring'];
  };
}

export function noticePayload({ event, at, download, summary, incomplete, expiring }: Notice): NoticePayload {
  return {
    type: event,
    timestamp: at.toISOString(),
    data: { download, outcomes: { ...summary, incomplete }, expiring },
  };
}
