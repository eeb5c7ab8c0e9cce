import type { IQueueBackend } from 'bullmq';

interface Answer {
  rows: Record<string, unknown>[];
}

/** What BullMQ runs in PostgreSQL, with the values that it sends; its types keep it to themselves. */
export interface Commands {
  run(command: string, values?: readonly unknown[]): Promise<Answer>;
}

/** Milliseconds since 1970 in the year 2001: what is more is a time, and no count or length of time. */
const leastTime = 1e12;

/** The one time that BullMQ compares with this machine's clock when it comes back: when the next delayed job is due. */
const dueTime = 'next_delay';

/**
 * On PostgreSQL, BullMQ goes by the clock of each process: one that is an hour ahead leaves word that it has just looked
 * for jobs of dead workers, and holds its own for an hour, so that nobody takes them up until then. The times that it sends
 * as values are moved by what this machine's clock is ahead of `clock`, and back what it is told (docs/decisions/0028).
 */
export function goByClock(backend: IQueueBackend | Commands, clock: () => Date): void {
  const commands = backend as Commands;
  const run = commands.run.bind(backend);
  commands.run = async (command, values) => {
    const aheadMs = Date.now() - clock().getTime();
    const isTime = (value: unknown): value is number => typeof value === 'number' && value > leastTime;
    const answer = await run(
      command,
      values?.map((value) => (isTime(value) ? value - aheadMs : value)),
    );
    for (const row of answer.rows) {
      if (row[dueTime] != null) row[dueTime] = Number(row[dueTime]) + aheadMs;
    }
    return answer;
  };
}
