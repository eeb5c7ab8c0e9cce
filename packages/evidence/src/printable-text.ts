/**
 * What moves a terminal's cursor, starts its commands or turns the order of what is read around: control characters,
 * the line and paragraph separators, and the marks of bidirectional text.
 */
const unprintable = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu;

/** A line for a terminal, made of names that anybody may have chosen: what could act instead of being read is `�`. */
export function printableText(text: string): string {
  return text.replace(unprintable, '\ufffd');
}
