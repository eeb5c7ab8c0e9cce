/** Told of an error and of how many like it have been kept back since the last one. */
export type ErrorListener = (error: Error, suppressed: number) => void;

export interface ErrorRateLimit {
  report(thrown: unknown): void;
  /** Passes nothing more on: connections being closed may still complain. */
  close(): void;
}

const intervalMs = 10_000;

/** More kinds than this in one interval mean that messages hold ids; what was counted is then dropped. */
const maxKinds = 100;

/**
 * Passes on the first error of a kind at once, then at most one each ten seconds: a queue that cannot be reached,
 * or that is full, fails thousands of times a second.
 */
export function limitErrorRate(onError: ErrorListener, now: () => number = Date.now): ErrorRateLimit {
  let closed = false;
  const kinds = new Map<string, { passedAt: number; suppressed: number }>();
  const report = (thrown: unknown) => {
    if (closed) return;
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const kind = String((error as { code?: unknown }).code ?? error.message);
    const seen = kinds.get(kind);
    if (seen && now() - seen.passedAt < intervalMs) {
      seen.suppressed += 1;
      return;
    }
    if (kinds.size >= maxKinds) kinds.clear();
    kinds.set(kind, { passedAt: now(), suppressed: 0 });
    onError(error, seen?.suppressed ?? 0);
  };
  const close = () => {
    closed = true;
  };
  return { report, close };
}
