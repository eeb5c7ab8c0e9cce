import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { onTestFinished } from 'vitest';
import type { Executor } from '../database.ts';
import * as schema from '../schema.ts';

export interface RecordedStatements {
  statements: string[];
  /** How many of them select from each table, by its name; what they join to it is not counted. */
  selectsFrom: Record<string, number>;
}

/** Runs `work` on connections of its own, and gives every statement that it sent, in order. */
export async function recordStatements(
  url: string,
  work: (executor: Executor) => Promise<unknown>,
): Promise<RecordedStatements> {
  const client = postgres(url, { max: 5 });
  onTestFinished(() => client.end({ timeout: 5 }));
  const statements: string[] = [];
  await work(drizzle(client, { schema, logger: { logQuery: (statement) => statements.push(statement) } }));

  const selectsFrom: Record<string, number> = {};
  for (const statement of statements) {
    const table = /\bfrom\s+"(\w+)"/.exec(statement)?.[1];
    if (table !== undefined) selectsFrom[table] = (selectsFrom[table] ?? 0) + 1;
  }
  return { statements, selectsFrom };
}
