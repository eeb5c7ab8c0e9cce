import { isReservedName } from './reserved-name.ts';

/** Most bytes of UTF-8 in one component: ext4's and APFS's limit. It implies NTFS's of 255 UTF-16 units. */
const maxBytes = 255;
/** A longer "extension", dot included, is part of the name: `Report v2.final version for print`. */
const maxExtension = 16;

export interface Fit {
  /** Most UTF-16 units; at least 32. */
  units: number;
  /** Goes before the extension, as ` (2)`; ASCII. */
  suffix?: string;
  /** Whether the part after the last dot is an extension, to be kept: true for files, false for folders. */
  extension: boolean;
}

let graphemes: Intl.Segmenter | undefined;

/**
 * Shortens an already safe name to at most 255 bytes and `units` UTF-16 units, with the suffix and the extension kept,
 * cutting between what people see as characters. The result is safe again.
 */
export function fitName(name: string, { units, suffix = '', extension }: Fit): string {
  if (suffix === '' && name.length <= units && (name.length * 3 <= maxBytes || Buffer.byteLength(name) <= maxBytes)) {
    return name;
  }
  const dot = name.lastIndexOf('.');
  const stemEnd = extension && dot > 0 && name.length - dot <= maxExtension ? dot : name.length;
  const end = suffix + name.slice(stemEnd);
  const stem = cut(name.slice(0, stemEnd), units - end.length, maxBytes - Buffer.byteLength(end)).replace(
    /(?<![.\s])[.\s]+$/u,
    '',
  );
  const fitted = (stem === '' ? '_' : stem) + end;
  return isReservedName(fitted) ? `_${fitted}` : fitted;
}

function cut(text: string, units: number, bytes: number): string {
  if (text.length <= units && Buffer.byteLength(text) <= bytes) return text;
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  // Nothing beyond `units` can be kept, so that a title of a megabyte costs no more than one of 300 characters.
  const near = text.slice(0, 2 * units + 2).toWellFormed();
  const kept = take(graphemes.segment(near), ({ segment }) => segment, units, bytes);
  return kept === '' ? take(near, (codePoint) => codePoint, units, bytes) : kept;
}

function take<Piece>(pieces: Iterable<Piece>, textOf: (piece: Piece) => string, units: number, bytes: number): string {
  let kept = '';
  let keptBytes = 0;
  for (const piece of pieces) {
    const text = textOf(piece);
    keptBytes += Buffer.byteLength(text);
    if (kept.length + text.length > units || keptBytes > bytes) break;
    kept += text;
  }
  return kept;
}
