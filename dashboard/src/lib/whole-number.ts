/** What somebody typed, from 1 to `most`; null for nothing; undefined for what is no such number. */
export function wholeNumber(typed: string, most: number): number | null | undefined {
  const text = typed.trim();
  if (text === '') return null;
  if (!/^\d{1,9}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= 1 && value <= most ? value : undefined;
}
