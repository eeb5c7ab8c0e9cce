import type { AdminDownloadJson } from '@sheaf/contract/admin-download';

export type DownloadAction = 'retry' | 'cancel' | 'revoke';

/** What can be done to a download in each state; the server decides anyway. */
export const actionsOf: Record<AdminDownloadJson['state'], DownloadAction[]> = {
  requested: ['cancel'],
  queued: ['cancel'],
  gathering: ['cancel'],
  packing: ['cancel'],
  ready: ['revoke'],
  failed: ['retry'],
  cancelled: ['retry'],
  expired: ['retry', 'revoke'],
  revoked: [],
};

/** What can be done to at least one of several downloads: those in these states, or where nothing is said, in any. */
export function possibleActions(states: string | readonly string[] | undefined): DownloadAction[] {
  const known = typeof states === 'string' ? states.split(',') : (states ?? Object.keys(actionsOf));
  const possible = known.flatMap((state) => actionsOf[state as keyof typeof actionsOf] ?? []);
  return (['retry', 'cancel', 'revoke'] as const).filter((action) => possible.includes(action));
}
