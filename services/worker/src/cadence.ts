/** Says whether something that is done every so often is due, and if so counts it as done now. */
export type Cadence = (name: string, everyMs: number) => boolean;

/** Everything is due the first time. */
export function createCadence(now: () => number = () => performance.now()): Cadence {
  const doneAt = new Map<string, number>();
  return (name, everyMs) => {
    const last = doneAt.get(name);
    if (last !== undefined && now() - last < everyMs) return false;
    doneAt.set(name, now());
    return true;
  };
}
