import { sameValue } from './same-value.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

export interface VisibilityFieldChange {
  /** The setting; those in an object as `background.maxAssets`. */
  field: string;
  before: unknown;
  after: unknown;
}

/** Every setting in which two configurations differ, in the configuration's order, for its history. */
export function visibilityChanges(
  before: VisibilityConfiguration,
  after: VisibilityConfiguration,
): VisibilityFieldChange[] {
  return changesIn('', Object.entries(before), Object.entries(after));
}

type Entries = readonly [string, unknown][];

function changesIn(prefix: string, before: Entries, after: Entries): VisibilityFieldChange[] {
  const [old, now] = [new Map(before), new Map(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const field = prefix + key;
    const change = { field, before: old.get(key), after: now.get(key) };
    if (sameValue(change.before, change.after)) return [];
    if (!isGroup(change.before) || !isGroup(change.after)) return [change];
    return changesIn(`${field}.`, Object.entries(change.before), Object.entries(change.after));
  });
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
