import type { VisibilityConfiguration } from './visibility-configuration.ts';

/** How long what the service made is kept. Versioned; the newest version is in force. */
export interface Retention {
  /** How long a bundle and its links live; null: as the visibility configuration's `linkTtlHours` says. */
  bundleHours: number | null;
  /** Messages that are kept for want of a mail server; null: for ever. */
  keptMailDays: number | null;
  /** Entries of inboxes; null: for ever. */
  inboxDays: number | null;
}

export const defaultRetention: Retention = { bundleHours: null, keptMailDays: null, inboxDays: null };

/** How long a bundle and its links live, unless an asset or licence expires earlier. */
export function bundleHours(retention: Retention, visibility: Pick<VisibilityConfiguration, 'linkTtlHours'>): number {
  return retention.bundleHours ?? visibility.linkTtlHours;
}
