import { isDeepStrictEqual } from 'node:util';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import type { RequestOrigin } from '@sheaf/db/downloads/record-acceptances';
import { deletePreset } from '@sheaf/db/presets/delete-preset';
import { findPreset } from '@sheaf/db/presets/find-preset';
import { insertPreset, type NewPreset } from '@sheaf/db/presets/insert-preset';
import type { PresetRecord } from '@sheaf/db/presets/preset-record';
import { updatePreset } from '@sheaf/db/presets/update-preset';
import { AppError } from '@sheaf/domain/app-error';
import type { AuditAction } from '@sheaf/domain/audit-event';
import type { PresetKind } from '@sheaf/domain/image-preset';
import { presetJson } from './preset-json.ts';

/** Who changes a preset, when, and from where. */
export interface PresetChanger {
  actorId: string;
  now: Date;
  origin: RequestOrigin;
}

/** Adds a preset that is not approved. In a transaction. Throws `resource.conflict` where its name is taken. */
export async function createPreset(
  tx: Executor,
  preset: Omit<NewPreset, 'createdBy' | 'createdAt'>,
  changer: PresetChanger,
): Promise<PresetRecord> {
  const presetId = await insertPreset(tx, { ...preset, createdBy: changer.actorId, createdAt: changer.now });
  const after = await readPreset(tx, { kind: preset.kind, presetId });
  await recordChange(tx, changer, 'preset.created', { before: null, after });
  return after;
}

/** What becomes of a preset; `approved` is absent where the request does not say. */
export interface PresetChange {
  name: string;
  title: string;
  definitions: PresetRecord['definitions'];
  approved: boolean | undefined;
}

/**
 * Changes a preset to what `change` makes of it. Approval is for what was seen: other parameters or sizes take it away
 * unless the same request gives it. In a transaction. Throws `resource.not_found` and `resource.conflict`.
 */
export async function changePreset(
  tx: Executor,
  which: { kind: PresetKind; presetId: string },
  change: (before: PresetRecord) => PresetChange,
  changer: PresetChanger,
): Promise<PresetRecord> {
  const before = await readPreset(tx, which, { lock: true });
  const { approved, ...wanted } = change(before);
  const asApproved = isDeepStrictEqual(picturesOf(wanted.definitions), picturesOf(before.definitions));
  const kept = asApproved && before.approved;
  await updatePreset(tx, which.presetId, { ...wanted, approved: approved ?? kept }, changer.now);
  const after = await readPreset(tx, which);
  await recordChange(tx, changer, 'preset.changed', { before, after });
  return after;
}

/** Removes a preset. In a transaction. Throws `resource.not_found`. */
export async function removePreset(
  tx: Executor,
  which: { kind: PresetKind; presetId: string },
  changer: PresetChanger,
): Promise<void> {
  const before = await readPreset(tx, which, { lock: true });
  await deletePreset(tx, which.presetId);
  await recordChange(tx, changer, 'preset.deleted', { before, after: null });
}

/** Throws `resource.not_found`. */
export async function readPreset(
  executor: Executor,
  which: { kind: PresetKind; presetId: string },
  options?: { lock?: boolean },
): Promise<PresetRecord> {
  const preset = await findPreset(executor, which, options);
  if (preset !== null) return preset;
  const what = which.kind === 'dynamic' ? 'image preset' : 'smart-crop profile';
  throw new AppError('resource.not_found', `There is no such ${what}.`);
}

/** What is seen of the definitions, whatever they are called. */
function picturesOf(definitions: PresetRecord['definitions']) {
  return definitions.map(({ parameters }) => parameters);
}

async function recordChange(
  tx: Executor,
  { actorId, now, origin }: PresetChanger,
  action: AuditAction,
  { before, after }: { before: PresetRecord | null; after: PresetRecord | null },
): Promise<void> {
  const preset = after ?? before;
  await appendAuditEvent(tx, {
    at: now,
    actorId,
    action,
    ...origin,
    detail: {
      presetId: preset?.id,
      kind: preset?.kind,
      before: before && presetJson(before),
      after: after && presetJson(after),
    },
  });
}
