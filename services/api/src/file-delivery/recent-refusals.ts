declare module 'fastify' {
  interface FastifyInstance {
    recentRefusals: RecentRefusals;
  }
}

/** Which refusals were recorded a moment ago. */
export interface RecentRefusals {
  /** Whether this one is to be recorded: the first of its kind within a minute. `at` never goes back. */
  isNew(kind: string, at: Date): boolean;
}

const minuteMs = 60_000;

/** For one process. Whoever follows a dead link again and again fills no log with it. */
export function createRecentRefusals(): RecentRefusals {
  /** By kind, oldest first. */
  const recorded = new Map<string, number>();
  return {
    isNew(kind, at) {
      const now = at.getTime();
      for (const [old, time] of recorded) {
        if (now - time < minuteMs) break;
        recorded.delete(old);
      }
      if (recorded.has(kind)) return false;
      recorded.set(kind, now);
      return true;
    },
  };
}
