/** Texts with a number in them, for one language: `count(3, 'asset', 'assets')` is `3 assets`. */
export function counted(language: string) {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (n: number, one: string, other: string): string =>
    `${numbers.format(n)} ${rules.select(n) === 'one' ? one : other}`;
}
