/** The options of a `Select`, from texts by value. */
export function optionsOf<T extends string>(texts: Readonly<Record<T, string>>): { value: T; label: string }[] {
  return (Object.entries(texts) as [T, string][]).map(([value, label]) => ({ value, label }));
}
