import { fitName } from './fit-name.ts';
import { isReservedName } from './reserved-name.ts';

/** Names that need nothing done, as most do: a device's name has fewer than 8 characters, and spaces, before its first dot. */
const plain = /^[A-Za-z0-9_][A-Za-z0-9_\-+,() ]{6,69}[A-Za-z0-9_\-+,()](?:\.[A-Za-z0-9]{1,8})?$/;

/**
 * Characters that nobody sees and that deceive, or that systems refuse: controls, bidirectional controls, zero-width
 * ones, line and paragraph separators, tags, noncharacters.
 */
const removed =
  /[\p{Cc}\p{Bidi_Control}\p{Noncharacter_Code_Point}\u00AD\u180E\u200B-\u200D\u2028\u2029\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/**
 * What Windows refuses in names, with the private characters (U+F0xx) that Cygwin, WSL and SMB turn back into them. A step
 * up goes as a whole, so that programs which refuse any `..` in a path find none that was meant as one.
 */
const forbidden = /\.\.[/\\]|[<>:"/\\|?*\uF000-\uF0FF]/g;

/** Windows drops dots and spaces at the end. The look-behind keeps a long run of spaces from taking quadratic time. */
const ending = /(?<![.\s])[.\s]+$/u;

/**
 * One component of a path (a file's or a folder's name) that Windows, macOS and Linux all accept and none of them
 * reads as something else: NFC, without invisible characters, separators, spaces or dots at its end, device names,
 * `.` or `..`; at most 255 bytes of UTF-8, keeping a file's extension. Never empty: what has nothing left becomes `_`.
 * Idempotent.
 */
export function safeName(name: string, kind: 'file' | 'folder' = 'file'): string {
  if (plain.test(name)) return name;
  const visible = name.toWellFormed().replace(removed, '').normalize('NFC');
  const trimmed = visible.replace(forbidden, '_').replace(ending, '').trimStart();
  if (trimmed === '') return '_';
  const usable = isReservedName(trimmed) ? `_${trimmed}` : trimmed;
  return fitName(usable, { units: 255, extension: kind === 'file' });
}
