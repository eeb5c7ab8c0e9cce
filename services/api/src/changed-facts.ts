/** What a change was: the facts that are not as they were, with both their values. */
export interface ChangedFacts<F extends object> {
  before: Partial<F>;
  after: Partial<F>;
}

/** Null where nothing is another than before. Dates count by what they say. */
export function changedFacts<F extends object>(before: F, after: F): ChangedFacts<F> | null {
  const keys = (Object.keys(after) as (keyof F)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  if (keys.length === 0) return null;
  const pick = (facts: F) => Object.fromEntries(keys.map((key) => [key, facts[key]])) as Partial<F>;
  return { before: pick(before), after: pick(after) };
}
