import { eq } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { presets } from '../schema/presets.ts';

/** Removes a preset. What was rendered from it stays stored: another preset may have the same parameters. */
export async function deletePreset(executor: Executor, presetId: string): Promise<void> {
  await executor.delete(presets).where(eq(presets.id, presetId));
}
