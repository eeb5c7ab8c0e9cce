export const downloadStates = [
  'requested',
  'queued',
  'gathering',
  'packing',
  'ready',
  'failed',
  'cancelled',
  'expired',
  'revoked',
] as const;
export type DownloadState = (typeof downloadStates)[number];

/**
 * The states that a download may go to from each state.
 *
 * - Forward: requested -> queued -> gathering -> packing -> ready -> expired.
 * - `queued` may be skipped: a worker may have the job before the relay has written that it is queued.
 * - Before `ready` it may end as `failed` or `cancelled`; one that was ready may be `revoked`, for good: also when it has
 *   expired, since the moment at which that is written down must make no difference.
 * - Back to `queued`: a worker hands its download back, or packing finds a blob faulty and gathering has to start over.
 * - Back to `requested`: somebody retries a failed, cancelled or expired download.
 *
 * A worker that claims a download whose lease ran out takes over where it stands (`gathering` stays `gathering`): it
 * raises the epoch, which is no transition.
 */
export const transitions: Readonly<Record<DownloadState, readonly DownloadState[]>> = {
  requested: ['queued', 'gathering', 'failed', 'cancelled'],
  queued: ['gathering', 'failed', 'cancelled'],
  gathering: ['packing', 'queued', 'failed', 'cancelled'],
  packing: ['ready', 'queued', 'failed', 'cancelled'],
  ready: ['expired', 'revoked'],
  failed: ['requested'],
  cancelled: ['requested'],
  expired: ['requested', 'revoked'],
  revoked: [],
};

/** Whether a download in state `from` may go to state `to`. */
export function canTransition(from: DownloadState, to: DownloadState): boolean {
  return transitions[from].includes(to);
}

/** The states that may be left for `to`, in the order of `downloadStates`: what an UPDATE names in its WHERE. */
export function statesBefore(to: DownloadState): DownloadState[] {
  return downloadStates.filter((from) => canTransition(from, to));
}

/** Whether nothing more happens to a download by itself; somebody may retry or revoke it. `ready` is not final: it expires. */
export function isFinal(state: DownloadState): boolean {
  return transitions[state].every((to) => to === 'requested' || to === 'revoked');
}
