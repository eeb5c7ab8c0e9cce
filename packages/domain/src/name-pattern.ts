/**
 * Whether names match a pattern in which `*` stands for any characters and `?` for one; the whole name, case included.
 * Takes at most as many steps as pattern and name have characters multiplied, whatever the pattern: only the last `*`
 * is ever tried again.
 */
export function namePattern(pattern: string): (name: string) => boolean {
  if (!/[*?]/.test(pattern)) return (name) => name === pattern;
  const wanted = [...pattern];
  if (wanted.every((character) => character === '*')) return () => true;
  return (name) => matches(wanted, [...name]);
}

function matches(wanted: readonly string[], name: readonly string[]): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let starPosition = 0;
  while (position < name.length) {
    if (wanted[at] === '*') {
      star = at;
      starPosition = position;
      at += 1;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === name[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      starPosition += 1;
      at = star + 1;
      position = starPosition;
    } else {
      return false;
    }
  }
  while (wanted[at] === '*') at += 1;
  return at === wanted.length;
}
