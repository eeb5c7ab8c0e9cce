/** One thing that can be set: what it is for, how its text is read, what holds when it is absent. */
export interface SettingDefinition<T> {
  doc: string;
  default: T | undefined;
  /** Never shown in logs. */
  secret: boolean;
  /** Turns the text into the value, or throws an Error whose message completes "NAME …". */
  parse(text: string): T;
}

type Common = { doc: string; secret?: boolean };

/** The value's type where a default exists, else the value's type or undefined. */
export type SettingsOf<D> = { [K in keyof D]: D[K] extends SettingDefinition<infer T> ? T : never };

function define<T>(options: Common & { default?: unknown }, parse: (text: string) => unknown): SettingDefinition<T> {
  return {
    doc: options.doc,
    default: options.default as T | undefined,
    secret: options.secret ?? false,
    parse: parse as (text: string) => T,
  };
}

function integer(options: Common & { default: number; min?: number; max?: number }): SettingDefinition<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = options;
  return define(options, (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new Error(`must be a whole number, not "${text}"`);
    if (value < min || value > max) throw new Error(`must be from ${min} to ${max}, not ${value}`);
    return value;
  });
}

function text(options: Common & { default: string; minLength?: number }): SettingDefinition<string>;
function text(options: Common & { minLength?: number }): SettingDefinition<string | undefined>;
function text(options: Common & { default?: string; minLength?: number }): SettingDefinition<string | undefined> {
  return define(options, (value) => {
    if (value.length < (options.minLength ?? 1))
      throw new Error(`must have at least ${options.minLength ?? 1} characters`);
    return value;
  });
}

function url(options: Common & { protocols: string[] }): SettingDefinition<string | undefined> {
  return define(options, (value) => {
    const parsed = URL.parse(value);
    if (!parsed || !options.protocols.includes(parsed.protocol)) {
      throw new Error(`must be a URL that begins with ${options.protocols.map((p) => `${p}//`).join(' or ')}`);
    }
    return value.replace(/\/$/, '');
  });
}

function list(options: Common): SettingDefinition<string[]> {
  return define({ ...options, default: [] }, (value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  );
}

function choice<const C extends string>(options: Common & { choices: readonly C[]; default: C }): SettingDefinition<C> {
  return define(options, (value) => {
    if (!options.choices.includes(value as C))
      throw new Error(`must be one of ${options.choices.join(', ')}, not "${value}"`);
    return value;
  });
}

export const setting = { integer, text, url, list, choice };
