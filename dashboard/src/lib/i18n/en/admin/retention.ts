import { counted } from '../../counted.ts';

const count = counted('en');

export const retention = {
  title: 'Retention',
  hint: 'How long what was made is kept. Try a change before you make it.',
  bundles: 'Bundles and their links live, in hours',
  bundlesHint: (hours: number) =>
    `Empty: as the visibility configuration says. At the moment ${count(hours, 'hour', 'hours')}. An asset or licence that ends earlier ends them earlier.`,
  mails: 'Emails kept for want of a mail server, in days',
  inbox: 'Entries of inboxes, in days',
  forEver: 'Empty: for ever.',
  wrong: (most: string) => `A whole number from 1 to ${most}, or nothing.`,
  unchanged: 'Nothing is changed yet.',
  tryIt: 'Try it',
  save: 'Save…',
  effectTitle: 'What that would do now',
  effectNone: 'It would end and remove nothing.',
  effect: (bundles: number, bytes: string, people: number) =>
    `It would expire ${count(bundles, 'bundle', 'bundles')}, free ${bytes}, affect ${count(people, 'person', 'people')}.`,
  shortened: (n: number) => `${count(n, 'bundle', 'bundles')} would end earlier than was said.`,
  messages: (mails: number, entries: number) =>
    `${count(mails, 'kept email', 'kept emails')} and ${count(entries, 'inbox entry', 'inbox entries')} would be removed.`,
  confirmTitle: 'Change the retention?',
  confirmHint: 'What has expired cannot be brought back; it can be asked for again.',
  confirm: 'Change it',
  done: 'The retention is changed',
  history: 'History',
  historyEmpty: 'Nobody has changed it yet.',
  version: 'Version',
  changedBy: 'By',
  changedAt: 'When',
  reason: 'Why',
  what: 'What',
  somebody: 'Somebody who is no more',
  told: (bundles: string, mails: string, inbox: string) => `Bundles: ${bundles}; emails: ${mails}; inbox: ${inbox}`,
  hours: (n: number) => count(n, 'hour', 'hours'),
  days: (n: number) => count(n, 'day', 'days'),
  asVisibility: 'as visibility says',
  always: 'for ever',
};
