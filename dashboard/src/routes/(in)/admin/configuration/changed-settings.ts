import type { VisibilityConfigurationJson } from '@sheaf/contract/visibility';

export type Rule = NonNullable<VisibilityConfigurationJson['groupRules']>[number];

export interface ChangedSetting {
  /** `expiredVisible`, `background.maxAssets`. */
  field: string;
  before: unknown;
  after: unknown;
}

/** Every setting by its path; those of objects one by one. */
export function settingsOf(configuration: VisibilityConfigurationJson): [field: string, value: unknown][] {
  return Object.entries(configuration).flatMap(([field, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([name, inner]) => [`${field}.${name}`, inner])
      : [[field, value]],
  );
}

/** Equal for rules that say the same, whatever the order of their fields. */
export const ruleKey = ({ groupId, effect, kinds, name }: Rule): string =>
  JSON.stringify([groupId, effect, [...kinds].sort(), name]);

const comparable = (field: string, value: unknown): string =>
  field === 'groupRules' ? JSON.stringify((value as Rule[]).map(ruleKey)) : JSON.stringify(value);

/** What a draft changes, before the server has seen it. */
export function changedSettings(
  before: VisibilityConfigurationJson,
  after: VisibilityConfigurationJson,
): ChangedSetting[] {
  const old = new Map(settingsOf(before));
  return settingsOf(after)
    .map(([field, value]) => ({ field, before: old.get(field), after: value }))
    .filter(({ field, before, after }) => comparable(field, before ?? []) !== comparable(field, after ?? []));
}
