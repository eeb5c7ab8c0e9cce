import { type SettingName, type Settings, settingDefinitions } from './settings.ts';

/** Every fault of the environment at once, one line each. */
export class ConfigError extends Error {
  readonly faults: string[];

  constructor(faults: string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

const names = Object.keys(settingDefinitions) as SettingName[];

/**
 * Reads the settings from an environment. An empty value counts as absent. Throws `ConfigError` with every fault;
 * a name that only nearly is a setting (one or two letters off) is a fault too, because it would silently do nothing.
 */
export function loadConfig(env: Record<string, string | undefined>, required: readonly SettingName[] = []): Settings {
  const faults: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const name of names) {
    const definition = settingDefinitions[name];
    const text = env[name]?.trim();
    if (!text) {
      if (required.includes(name)) faults.push(`${name} is required: ${definition.doc}`);
      settings[name] = definition.default;
      continue;
    }
    try {
      settings[name] = definition.parse(text);
    } catch (error) {
      faults.push(`${name} ${(error as Error).message}.`);
    }
  }
  for (const name of Object.keys(env)) {
    const meant = nearMiss(name);
    if (meant && !env[meant]) faults.push(`${name} is not a setting. Did you mean ${meant}?`);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return settings as Settings;
}

/** The setting that a name probably meant; short names are left alone, since many programs have them. */
function nearMiss(name: string): SettingName | undefined {
  if (name.length < 7 || names.includes(name as SettingName)) return undefined;
  return names.find((candidate) => candidate.length >= 7 && distance(name, candidate) <= 2);
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
