import type { Claim } from '@sheaf/db/downloads/claim-download';
import { heartbeatDownload } from '@sheaf/db/downloads/heartbeat-download';
import { CancelRequested, ClaimLost } from './claim-interruptions.ts';
import type { WorkerDeps } from './worker-deps.ts';

export interface Progress {
  entriesDone: number;
  /** Bytes of content. */
  bytesDone: number;
}

/** A claim kept alive while its step runs. */
export interface HeldClaim {
  /** Aborts with `ClaimLost`, with `CancelRequested`, or with the reason of the job's own signal. */
  signal: AbortSignal;
  /** Shown with the next heartbeat; call it as often as you like. */
  show(progress: Progress): void;
  /** Stops the heartbeat, and waits for one that is under way. Safe more than once. */
  release(): Promise<void>;
}

/** How often progress is written at most. */
const progressMs = 250;

/** Heartbeats in a lease at least: four may be lost before it runs out. */
const beatsPerLease = 5;
/** Longest between two heartbeats: they are how the step learns that it is to stop. */
const longestSilenceMs = 800;

/** Extends the claim's lease until it is released, and tells the step when to stop. */
export function holdClaim(
  { db, settings, logger }: Pick<WorkerDeps, 'db' | 'settings' | 'logger'>,
  { downloadId, epoch }: Claim,
  jobSignal: AbortSignal,
): HeldClaim {
  const leaseMs = settings.LEASE_SECONDS * 1_000;
  const beatMs = Math.min(leaseMs / beatsPerLease, longestSilenceMs);
  const ended = new AbortController();
  let progress: Progress = { entriesDone: 0, bytesDone: 0 };
  let shown = progress;
  let renewedAt = performance.now();
  let beat: Promise<void> | null = null;

  async function sendBeat(): Promise<void> {
    const sentAt = performance.now();
    const sent = progress;
    try {
      const answer = await heartbeatDownload(db.orm, {
        downloadId,
        epoch,
        leaseSeconds: settings.LEASE_SECONDS,
        ...sent,
      });
      if (answer === null) ended.abort(new ClaimLost());
      else if (answer.cancelRequested) ended.abort(new CancelRequested());
      renewedAt = sentAt;
      shown = sent;
    } catch (error) {
      logger.warn({ err: error, downloadId }, 'heartbeat failed');
    } finally {
      beat = null;
    }
  }

  const timer = setInterval(() => {
    const silentMs = performance.now() - renewedAt;
    // Also when no answer comes at all: by now another worker may have the download.
    if (silentMs > leaseMs) ended.abort(new ClaimLost());
    const due = silentMs >= beatMs || progress !== shown;
    if (due && beat === null && !ended.signal.aborted) beat = sendBeat();
  }, progressMs);

  return {
    signal: AbortSignal.any([jobSignal, ended.signal]),
    show(next) {
      progress = next;
    },
    async release() {
      clearInterval(timer);
      await beat;
    },
  };
}
