import { fitName } from './fit-name.ts';
import { foldName } from './fold-name.ts';
import { safeName } from './safe-name.ts';

/**
 * Most UTF-16 units of a path inside an archive. Windows allows 259 in most programs, Explorer's own extraction among
 * them; this leaves 58 for the folder that people extract to, as `C:\Users\firstname.lastname\Downloads\Spring campaign\`.
 */
const maxPathLength = 200;
/** Most units of those for the folders, so that a file's own name keeps 79 at least. */
const maxFoldersLength = 120;
/** With less room than this, a folder is not opened: its files go to the folder above. */
const minFolderLength = 32;

/** Taken at the root by Sheaf's own files, as folded names. */
const ownNames: readonly string[] = ['manifest.json', 'receipt.json', 'signature.json', 'licences'];

/** A folder of an archive under construction, which gives every file and folder in it a name of its own. */
export class ArchiveFolder {
  /** From the archive's root, with a slash at the end; empty for the root. */
  readonly path: string;
  readonly #taken = new Set<string>();
  /** Where to go on counting for a name that was taken: many files of one name would take quadratic time otherwise. */
  readonly #nextNumber = new Map<string, number>();
  readonly #folders = new Map<string, ArchiveFolder>();

  private constructor(path: string, taken: readonly string[]) {
    this.path = path;
    for (const name of taken) this.#taken.add(name);
  }

  static root(): ArchiveFolder {
    return new ArchiveFolder('', ownNames);
  }

  /** Path of a new file, as close to its wanted name as it can be. */
  addFile(fileName: string): string {
    return this.path + this.nameFile(fileName);
  }

  /** The last component of a new file's path. */
  nameFile(fileName: string): string {
    return this.#claim(fileName, 'file', maxPathLength);
  }

  /** A new folder, never one that is already there; this folder itself where the path would become too long. */
  addFolder(title: string): ArchiveFolder {
    const room = maxFoldersLength - this.path.length;
    if (room < minFolderLength) return this;
    return new ArchiveFolder(`${this.path}${this.#claim(title, 'folder', maxFoldersLength)}/`, []);
  }

  /** The folder of that exact original name, opened at its first use. Names that differ stay different folders. */
  folder(name: string): ArchiveFolder {
    let folder = this.#folders.get(name);
    if (folder === undefined) {
      folder = this.addFolder(name);
      this.#folders.set(name, folder);
    }
    return folder;
  }

  #claim(wanted: string, kind: 'file' | 'folder', maxLength: number): string {
    const safe = safeName(wanted, kind);
    const units = maxLength - this.path.length;
    const extension = kind === 'file';
    let name = safe.length <= units ? safe : fitName(safe, { units, extension });
    const key = foldName(name);
    if (!this.#take(key)) {
      let number = this.#nextNumber.get(key) ?? 2;
      do {
        name = fitName(safe, { units, extension, suffix: ` (${number})` });
        number += 1;
      } while (!this.#take(foldName(name)));
      this.#nextNumber.set(key, number);
    }
    return name;
  }

  /** Whether the key was free; it no longer is. One look-up instead of two, for each of 100,000 files. */
  #take(key: string): boolean {
    const taken = this.#taken.size;
    return this.#taken.add(key).size > taken;
  }
}
