import type { OpenedArchive } from './open-archive.ts';
import type { Stock } from './take-stock.ts';

/** A byte of an archive, for people: its number, and the file that it belongs to. */
export function placeOf(offset: number, { format }: Pick<OpenedArchive, 'format'>, { files }: Stock): string {
  const near = files.findLastIndex(({ headerOffset }) => headerOffset <= offset);
  const byte = `Byte ${offset}${format === 'tar.gz' ? ' of the tar in it' : ''}`;
  const file = files[near];
  if (file === undefined) return `${byte}, before the first file,`;
  if (near < files.length - 1) return `${byte}, in ${file.path},`;
  const { contentOffset, size } = file;
  if (contentOffset !== null && offset >= contentOffset + size) return `${byte}, after the last file,`;
  return `${byte}, in or after ${file.path},`;
}
