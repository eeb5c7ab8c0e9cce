/** Something that others wait for: `changed` is called whenever it may have come true. */
export interface Waiter {
  changed(): void;
  /** Resolves once the condition holds; after the deadline it resolves all the same, for the caller to look again. */
  until(condition: () => boolean, deadlineMs: number): Promise<void>;
}

export function createWaiter(): Waiter {
  const listeners = new Set<() => void>();
  return {
    changed() {
      for (const listener of listeners) listener();
    },
    async until(condition, deadlineMs) {
      if (condition()) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const listener = () => condition() && resolve();
      const timer = setTimeout(resolve, deadlineMs);
      listeners.add(listener);
      await promise;
      listeners.delete(listener);
      clearTimeout(timer);
    },
  };
}
