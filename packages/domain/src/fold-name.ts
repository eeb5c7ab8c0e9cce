const ascii = /^[ -~]*$/;
const ignorable = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * The key under which two names count as the same file: what any of NTFS (upper-casing), APFS and HFS+ (case folding,
 * normalisation, ignored characters) would merge has the same key. It is coarser than each of them: a needless ` (2)`
 * is better than a file lost in extraction.
 */
export function foldName(name: string): string {
  if (ascii.test(name)) return name.toLowerCase();
  // Lower first, then upper: only so do U+1E9E and U+00DF both arrive at `ss`.
  return name.normalize('NFKC').replace(ignorable, '').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
}
