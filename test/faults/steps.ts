import type { Stage } from './stage.ts';

/** When a process was ended, by its id. */
export interface Kill {
  pid: number;
  at: number;
}

export interface Interruptions {
  /** Claims that ended with their process. */
  interrupted: number;
  /** From the end of a process until another run of what it was doing began, at the longest. */
  longestRestartMs: number;
}

/** What became of the downloads that killed workers were busy with. */
export async function readInterruptions({ db }: Stage, kills: readonly Kill[]): Promise<Interruptions> {
  const rows = await db.orm.execute<{ worker_id: string; restarted_at: string | null }>(
    `select s.worker_id, (
      select min(n.started_at) from download_steps n where n.download_id = s.download_id and n.epoch > s.epoch
    ) as restarted_at from download_steps s where s.outcome = 'lost'`,
  );
  const pauses = kills.flatMap(({ pid, at }) =>
    rows
      .filter((row) => row.worker_id.includes(`-${pid}-`) && row.restarted_at !== null)
      .map((row) => new Date(row.restarted_at!).getTime() - at),
  );
  return { interrupted: pauses.length, longestRestartMs: Math.max(0, ...pauses) };
}

/** Claims whose worker was given up for lost, of downloads whose names begin so. */
export async function countLostClaims({ db }: Stage, label: string): Promise<number> {
  const [row] = await db.orm.execute<{ lost: number }>(
    `select count(*)::int as lost from download_steps s join downloads d on d.id = s.download_id
      where s.outcome = 'lost' and d.name like '${label}-%'`,
  );
  return row!.lost;
}
