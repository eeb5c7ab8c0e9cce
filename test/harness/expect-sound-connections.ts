import type { Database } from '@sheaf/db/database';
import { vi } from 'vitest';

const patience = { timeout: 4_000, interval: 50 };

/** Ends all connections of a pool of two at once, again and again: each time both are of use again before long. */
export async function expectSoundConnections(db: Database, relay: { endAll(): void }): Promise<void> {
  const sleep = (seconds: number) => db.orm.execute(`select pg_sleep(${seconds})`);
  const useBoth = () => Promise.all([sleep(0.01), sleep(0.01)]);
  for (let ended = 0; ended < 6; ended++) {
    await vi.waitFor(useBoth, patience);
    // Whoever is told that one has ended goes on at once, on another that is about to be found ended.
    const goesOn = sleep(60).catch(() => sleep(0).catch(() => {}));
    await vi.waitFor(() => db.ping(), patience);
    relay.endAll();
    await goesOn;
  }
  await vi.waitFor(useBoth, patience);
}
