import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { presets } from '../schema/presets.ts';

/** An image preset or a smart-crop profile, approved or not. */
export type PresetRecord = Omit<typeof presets.$inferSelect, 'createdBy'> & {
  /** Null once that user is gone. */
  createdBy: { id: string; name: string } | null;
};

/** `select … from presets` as `PresetRecord`s, to be narrowed down. */
export function selectPresets(executor: Executor) {
  return executor
    .select({
      id: presets.id,
      kind: presets.kind,
      name: presets.name,
      title: presets.title,
      definitions: presets.definitions,
      approved: presets.approved,
      createdBy: { id: users.id, name: users.name },
      createdAt: presets.createdAt,
      updatedAt: presets.updatedAt,
    })
    .from(presets)
    .leftJoin(users, eq(users.id, presets.createdBy));
}
