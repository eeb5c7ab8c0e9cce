import { poisonCode } from './is-quarantined.ts';

/**
 * Whether retrying all that a filter of administrators finds releases those in quarantine among them: only where they were
 * named, one by one or by what they failed of. Else a retry of all that failed would set every one of them on the workers
 * again.
 */
export function releasesQuarantined({ ids, error, failure }: Readonly<Record<string, unknown>>): boolean {
  return ids !== undefined || error === poisonCode || String(failure).split('/', 1)[0] === poisonCode;
}
