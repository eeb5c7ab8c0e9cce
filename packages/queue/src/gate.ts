/** Open at first. Whoever waits is told when it opens or closes. */
export interface Gate {
  isOpen(): boolean;
  open(): void;
  close(): void;
  /** Fulfilled as soon as it is open. */
  opened(): Promise<void>;
  /** Fulfilled as soon as it is closed. */
  closed(): Promise<void>;
}

export function createGate(): Gate {
  let isOpen = true;
  let turn = Promise.withResolvers<void>();
  const set = (wanted: boolean) => {
    if (isOpen === wanted) return;
    isOpen = wanted;
    turn.resolve();
    turn = Promise.withResolvers();
  };
  return {
    isOpen: () => isOpen,
    open: () => set(true),
    close: () => set(false),
    opened: async () => {
      while (!isOpen) await turn.promise;
    },
    closed: async () => {
      while (isOpen) await turn.promise;
    },
  };
}
