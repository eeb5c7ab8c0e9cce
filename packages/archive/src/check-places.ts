import { AppError } from '@sheaf/domain/app-error';
import { comparePaths } from './compare-paths.ts';

type Placed = { path: string };

/**
 * Throws `input.invalid` where two of the entries, which are in the order of their paths, cannot both be unpacked: they
 * have the same path, or one is a file where another needs a folder.
 */
export function checkPlaces(sorted: readonly Placed[]): void {
  /** Paths that the one in hand begins with, each a beginning of the next. `a.txt` lies between `a` and `a/b`. */
  const beginnings: string[] = [];
  for (const { path } of sorted) {
    while (beginnings.length > 0 && !beginsWith(path, beginnings.at(-1)!)) beginnings.pop();
    for (const earlier of beginnings) {
      if (path.length === earlier.length) throw repeatedPath(path);
      if (path[earlier.length] === '/') throw fileAsFolder(earlier);
    }
    beginnings.push(path);
  }
}

/** The same of each of a few entries beside all of those in order, without going through these. */
export function checkPlacesBeside(sorted: readonly Placed[], few: readonly Placed[]): void {
  const at = (path: string) => sorted[placeOf(sorted, path)]?.path;
  for (const { path } of few) {
    if (at(path) === path) throw repeatedPath(path);
    if (at(`${path}/`)?.startsWith(`${path}/`)) throw fileAsFolder(path);
    for (const folder of foldersOf(path)) if (at(folder) === folder) throw fileAsFolder(folder);
  }
}

/** The same of entries that come one by one, in any order. */
export class TakenPlaces {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  take(path: string): void {
    if (this.#files.has(path)) throw repeatedPath(path);
    if (this.#folders.has(path)) throw fileAsFolder(path);
    for (const folder of foldersOf(path)) {
      if (this.#files.has(folder)) throw fileAsFolder(folder);
      this.#folders.add(folder);
    }
    this.#files.add(path);
  }
}

/** Names of one length are the rule: comparing them as a whole is the quicker way. */
function beginsWith(path: string, beginning: string): boolean {
  return path.length > beginning.length ? path.startsWith(beginning) : path === beginning;
}

function* foldersOf(path: string): Generator<string> {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) yield path.slice(0, slash);
}

/** How many of the entries come before the path. */
function placeOf(sorted: readonly Placed[], path: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (comparePaths(sorted[middle]!.path, path) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function repeatedPath(path: string): AppError {
  return new AppError('input.invalid', 'Two entries of an archive have the same path.', { detail: { path } });
}

function fileAsFolder(path: string): AppError {
  return new AppError('input.invalid', 'An entry of an archive is where others need a folder.', { detail: { path } });
}
