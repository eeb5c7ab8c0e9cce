import { shown } from '#lib/i18n/shown.svelte.ts';
import { t } from '#lib/i18n/texts.svelte.ts';
import type { Rule } from './changed-settings.ts';

/** What a setting is called where its changes are told. */
export function settingLabel(field: string): string {
  const { visibility, limits } = t.admin;
  const switches: Record<string, string> = visibility.settings;
  const others: Record<string, string> = {
    runningPerRequester: limits.runningPerRequester,
    maxAssetsPerDownload: limits.maxAssetsPerDownload,
    expiringWithinDays: limits.expiringWithinDays,
    linkTtlHours: limits.linkTtlHours,
    'background.maxAssets': `${limits.background}: ${limits.maxAssets}`,
    'background.maxBytes': `${limits.background}: ${limits.maxMegabytes}`,
    'background.maxSeconds': `${limits.background}: ${limits.maxSeconds}`,
    'quota.bytes': `${limits.quota}: ${limits.gigabytes}`,
    'quota.periodHours': `${limits.quota}: ${limits.periodHours}`,
    'quota.concurrentDownloads': `${limits.quota}: ${limits.concurrentDownloads}`,
    'quota.assetsPerDownload': `${limits.quota}: ${limits.assetsPerDownload}`,
  };
  return switches[field] ?? others[field] ?? field;
}

const bytes = ['background.maxBytes', 'quota.bytes'];

export function settingText(field: string, value: unknown): string {
  const { visibility, limits } = t.admin;
  if (typeof value === 'boolean') return value ? visibility.on : visibility.off;
  if (value === null) return limits.noLimit;
  if (typeof value === 'number') return bytes.includes(field) ? shown.bytes(value) : shown.number(value);
  if (value === 'remembered' || value === 'per-download') return visibility.acceptance[value];
  return value === undefined ? t.common.none : JSON.stringify(value);
}

export function ruleText({ groupId, effect, kinds, name }: Rule, groupNames: ReadonlyMap<string, string>): string {
  const texts = t.admin.visibility;
  return texts.ruleText(
    texts.effects[effect],
    groupNames.get(groupId) ?? texts.goneGroup,
    kinds.length === 0 ? texts.everyKind : shown.list(kinds.map((kind) => texts.kind[kind])),
    name ?? texts.everyName,
  );
}
