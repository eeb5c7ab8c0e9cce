import type { Notice } from './notice.ts';

const titles: Readonly<Record<Notice['event'], (name: string) => string>> = {
  'download.ready': (name) => `“${name}” is ready`,
  'download.failed': (name) => `“${name}” could not be prepared`,
  'download.expired': (name) => `“${name}” has expired`,
  'download.cancelled': (name) => `“${name}” was cancelled`,
};

/** An event in one line: an email's subject, an inbox entry's title. */
export function eventTitle({ event, download }: Pick<Notice, 'event' | 'download'>): string {
  return titles[event](download.name.replaceAll(/\s+/g, ' '));
}
