import type { IQueueBackend } from 'bullmq';

/** What BullMQ runs in PostgreSQL, with the values that it sends; its types keep it to themselves. */
interface Commands {
  run(command: string, values: readonly unknown[]): Promise<unknown>;
}

/** Milliseconds since 1970 in the year 2001: what is more is a time, and no count or length of time. */
const leastTime = 1e12;

/**
 * On PostgreSQL, BullMQ goes by the clock of each process: one that is an hour ahead leaves word that it has just looked
 * for jobs of dead workers, and holds its own for an hour, so that nobody takes them up until then. Every time that it
 * sends is moved by what this machine's clock is ahead of `clock`. (In Redis, the server's own clock decides.)
 */
export function goByClock(backend: IQueueBackend, clock: () => Date): void {
  const commands = backend as unknown as Commands;
  const run = commands.run.bind(backend);
  commands.run = (command, values) => {
    const aheadMs = Date.now() - clock().getTime();
    return run(
      command,
      values.map((value) => (typeof value === 'number' && value > leastTime ? value - aheadMs : value)),
    );
  };
}
