/** Whether a value that came from JSON has some shape. Fields beyond it are allowed: later versions add some. */
export type Shape = (value: unknown) => boolean;

export const text: Shape = (value) => typeof value === 'string';

export const flag: Shape = (value) => typeof value === 'boolean';

/** Not negative. */
export const wholeNumber: Shape = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

/** A point in time in the one way that JavaScript writes it: archives are laid out again from it. */
export const time: Shape = (value) => {
  if (typeof value !== 'string') return false;
  const date = new Date(value);
  return !Number.isNaN(date.getTime()) && date.toISOString() === value;
};

export const sha256: Shape = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

export const oneOf =
  (...allowed: readonly unknown[]): Shape =>
  (value) =>
    allowed.includes(value);

export const nullable =
  (shape: Shape): Shape =>
  (value) =>
    value === null || shape(value);

export const listOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);

export const record =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, shape]) => shape((value as Record<string, unknown>)[name]));

/** The JSON in these bytes; null where it is none, or has another shape. */
export function parseShaped<T>(bytes: Uint8Array, shape: Shape): T | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return shape(value) ? (value as T) : null;
  } catch {
    return null;
  }
}
