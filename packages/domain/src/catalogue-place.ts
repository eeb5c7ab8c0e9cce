import { AppError } from './app-error.ts';

/** Controls (PostgreSQL's text takes no U+0000) and what turns the reading direction: neither belongs in a name. */
const removed = /[\p{Cc}\p{Bidi_Control}]/gu;

/** In bytes of UTF-8. Together they have to fit into one entry of a PostgreSQL index: 2,704 bytes. */
const maxFolderBytes = 2_000;
const maxFileNameBytes = 500;

/**
 * A folder of the catalogue as it is kept: NFC, `/`-separated, without leading, trailing or doubled slashes; empty for
 * the root. Throws `input.invalid` for a step up (`..`) and for more than 2,000 bytes.
 */
export function catalogueFolder(folder: string): string {
  const names = folder
    .split('/')
    .map(cleaned)
    .filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) throw invalid('/folder', 'A folder must not contain "..".');
  const path = names.join('/');
  if (Buffer.byteLength(path) > maxFolderBytes) throw invalid('/folder', 'The path of the folder is too long.');
  return path;
}

/**
 * A file's name as the catalogue keeps it: NFC, and only what follows the last slash or backslash, since browsers and
 * scripts send whole paths. Throws `input.invalid` where nothing is left and for more than 500 bytes.
 */
export function catalogueFileName(fileName: string): string {
  const name = cleaned(fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1));
  if (name === '' || name === '.' || name === '..') throw invalid('/fileName', 'The file has no name.');
  if (Buffer.byteLength(name) > maxFileNameBytes) throw invalid('/fileName', 'The name of the file is too long.');
  return name;
}

function cleaned(name: string): string {
  return name.toWellFormed().replace(removed, '').normalize('NFC').trim();
}

function invalid(path: string, message: string): AppError {
  return new AppError('input.invalid', message, { detail: { errors: [{ path, message }] } });
}
