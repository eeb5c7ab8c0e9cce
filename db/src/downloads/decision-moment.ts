import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '@sheaf/domain/actor';
import { and, eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { downloads } from '../schema/downloads.ts';
import { actorColumns } from '../users/actor-columns.ts';

/** As of when a download was decided: of nothing that the decision was made by was an older state read. */
export interface DecisionMoment {
  decidedIn: string;
  decidedAt: Date;
}

/** To select with what a decision is then made by. */
export const momentColumns = {
  decidedIn: sql<string>`decisive_moment()`.as('decided_in_now'),
  decidedAt: sql<Date>`now()`.mapWith(downloads.decidedAt).as('decided_at_now'),
};

/** Whether a download's decision still stands as far as it depends on what is stored: exact, not a guess by age. */
export const decisionStands = sql<boolean>`nothing_decisive_since(${downloads.decidedIn}, ${downloads.decidedAt})`;

/** Now, for a decision that reads everything after this. */
export async function readDecisionMoment(executor: Executor): Promise<DecisionMoment> {
  const [moment] = await executor.execute<{ decidedIn: string; decidedAt: string }>(
    sql`select decisive_moment() as "decidedIn", now()::text as "decidedAt"`,
  );
  return { decidedIn: moment!.decidedIn, decidedAt: new Date(moment!.decidedAt) };
}

/** Now, for a decision in favour of somebody who was looked up before; null where their rights have changed since. */
export async function readMomentOf(executor: Executor, actor: Actor): Promise<DecisionMoment | null> {
  const [row] = await executor
    .select({ ...momentColumns, ...actorColumns })
    .from(users)
    .where(eq(users.id, actor.id));
  if (row === undefined) return null;
  const { decidedIn, decidedAt, ...current } = row;
  // Whoever was looked up may carry more than rights: a name, say.
  const { id, role, dynamicRenditions, groups } = actor;
  const known: Actor = { id, role, dynamicRenditions, groups };
  return isDeepStrictEqual(current, known) ? { decidedIn, decidedAt } : null;
}

/**
 * Notes that a ready download has been decided again with the same outcome, and when its content ends as it is now: an end
 * that was set since comes without any further change.
 */
export async function noteDecision(
  executor: Executor,
  downloadId: string,
  { decidedIn, decidedAt, contentEndsAt }: DecisionMoment & { contentEndsAt: Date | null },
): Promise<void> {
  await executor
    .update(downloads)
    .set({ decidedIn, decidedAt, contentEndsAt })
    .where(and(eq(downloads.id, downloadId), eq(downloads.state, 'ready')));
}

/**
 * When the content of a download ends whose decision still stands: null where the items have to be decided again, be it
 * because something has changed or because an end has passed.
 */
export async function findStandingDecision(
  executor: Executor,
  downloadId: string,
  now: Date,
): Promise<{ contentEndsAt: Date | null } | null> {
  const [row] = await executor
    .select({ contentEndsAt: downloads.contentEndsAt, stands: decisionStands })
    .from(downloads)
    .where(eq(downloads.id, downloadId));
  if (row === undefined || !row.stands) return null;
  const { contentEndsAt } = row;
  return contentEndsAt !== null && contentEndsAt <= now ? null : { contentEndsAt };
}
