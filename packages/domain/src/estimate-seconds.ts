/** How long downloads took lately, from the first worker to ready. */
export interface MeasuredRun {
  bytes: number;
  seconds: number;
}

export interface Throughput {
  /** The latest runs. */
  runs: readonly MeasuredRun[];
  /** Downloads that workers are at, or between two steps of theirs. */
  inProgress: number;
  workersAlive: number;
  /** Nothing is begun until somebody says so. */
  isPaused: boolean;
}

/** Where a download is, as far as its end depends on that. */
export type Place =
  /** `ahead`: what will begin before it. `own`: its requester's before it, of which only so many may go on at once. */
  | {
      state: 'waiting';
      bytes: number;
      ahead: { downloads: number; bytes: number };
      own?: { downloads: number; bytes: number; atOnce: number } | null;
    }
  | { state: 'begun'; bytes: number; seconds: number }
  | { state: 'packing'; bytes: number; bytesDone: number; stepSeconds: number; seconds: number };

/** Fewer say nothing. */
const fewestRuns = 3;
/** A rate over less than this is noise. */
const shortestStepSeconds = 0.5;

/**
 * Seconds until a download is ready, at the pace that was measured; null where that is not known. It is not known either
 * for one that takes longer than others did: nothing that was measured says how much longer.
 */
export function estimateSeconds(place: Place, { runs, inProgress, workersAlive, isPaused }: Throughput): number | null {
  if (place.state === 'packing' && place.bytesDone > 0 && place.stepSeconds >= shortestStepSeconds) {
    const left = Math.max(0, place.bytes - place.bytesDone);
    return Math.ceil((place.stepSeconds * left) / place.bytesDone);
  }
  if (workersAlive === 0 || runs.length < fewestRuns) return null;
  const { base, perByte } = fit(runs);
  const own = base + perByte * place.bytes;
  if (place.state !== 'waiting') return place.seconds < own ? Math.ceil(own - place.seconds) : null;
  if (isPaused) return null;
  // As many as are in progress at a time go on beside each other, each as slowly as was measured.
  const secondsOf = ({ downloads, bytes }: { downloads: number; bytes: number }) => base * downloads + perByte * bytes;
  const others = secondsOf(place.ahead) / Math.max(1, inProgress);
  const ownLine = place.own ? secondsOf(place.own) / place.own.atOnce : 0;
  return Math.ceil(Math.max(others, ownLine) + own);
}

/** Seconds of a run as a line over its bytes: least squares, without what would make more bytes take less time. */
function fit(runs: readonly MeasuredRun[]): { base: number; perByte: number } {
  const meanBytes = mean(runs.map(({ bytes }) => bytes));
  const meanSeconds = mean(runs.map(({ seconds }) => seconds));
  const spread = mean(runs.map(({ bytes }) => (bytes - meanBytes) ** 2));
  const shared = mean(runs.map(({ bytes, seconds }) => (bytes - meanBytes) * (seconds - meanSeconds)));
  const perByte = spread === 0 ? 0 : Math.max(0, shared / spread);
  const base = meanSeconds - perByte * meanBytes;
  return base >= 0 ? { base, perByte } : { base: 0, perByte: meanSeconds / meanBytes };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
