/** Things that were opened, to be closed in reverse order. */
export interface Lifecycle {
  /** Registers what closes the thing just opened. */
  onClose(name: string, close: () => Promise<void> | void): void;
  /** Closes everything, last opened first; a failure is reported and does not stop the rest. Runs once. */
  close(): Promise<void>;
}

export function createLifecycle(onError: (name: string, error: unknown) => void): Lifecycle {
  const closers: { name: string; close: () => Promise<void> | void }[] = [];
  let closing: Promise<void> | undefined;
  return {
    onClose(name, close) {
      closers.push({ name, close });
    },
    close() {
      closing ??= (async () => {
        for (const { name, close } of closers.reverse()) {
          try {
            await close();
          } catch (error) {
            onError(name, error);
          }
        }
      })();
      return closing;
    },
  };
}
