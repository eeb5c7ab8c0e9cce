import { sql } from 'drizzle-orm';
import type { Executor } from './database.ts';

export interface ServerFacts {
  /** `server_version_num`: 180004 is 18.4. */
  versionNumber: number;
  version: string;
  now: Date;
}

/** What the database server says about itself. */
export async function readServerFacts(executor: Executor): Promise<ServerFacts> {
  const [row] = await executor.execute<{ number: string; version: string; now: string }>(
    sql`select current_setting('server_version_num') as number, current_setting('server_version') as version,
      to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now`,
  );
  return { versionNumber: Number(row!.number), version: row!.version, now: new Date(row!.now) };
}
