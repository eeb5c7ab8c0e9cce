import { ArchiveFolder } from './archive-folder.ts';
import type { Asset } from './asset.ts';
import type { Layout } from './download-request.ts';
import type { Rendition } from './rendition.ts';

export interface AssetFiles {
  asset: Pick<Asset, 'title' | 'folder'>;
  renditions: readonly Pick<Rendition, 'kind' | 'fileName'>[];
}

export interface AssetNames {
  /** One path for each rendition, in their order; `/`-separated, never absolute. */
  paths: string[];
  /** Whether any path differs from what the asset's title, folder and file names asked for. */
  renamed: boolean;
}

/**
 * Rule 11: the paths of all files of a bundle, for each asset in order. Safe on Windows, macOS and Linux (see `safeName`),
 * at most 200 UTF-16 units, and unique within the whole bundle, also where systems ignore case or normalisation: later
 * ones get ` (2)`, ` (3)`… before their extension. Depends on nothing but its arguments and their order. Folders
 * are named before files, so that a file gives way to a folder and the catalogue's folders keep their names.
 */
export function nameEntries(assets: readonly AssetFiles[], layout: Layout): AssetNames[] {
  const root = ArchiveFolder.root();
  const opened = new Map<string, OpenedFolder>();
  const folders = assets.map((files): OpenedFolder => {
    if (layout === 'flat') return { folder: root, renamed: false };
    if (layout === 'folder-per-asset') {
      const title = folderTitle(files);
      return openedAs(root.addFolder(title), title);
    }
    const wanted = files.asset.folder;
    const known = opened.get(wanted) ?? openedAs(openFolder(root, wanted), wanted);
    opened.set(wanted, known);
    return known;
  });
  return assets.map(({ renditions }, index) => {
    const { folder, renamed: folderRenamed } = folders[index]!;
    let renamed = folderRenamed;
    const paths = renditions.map(({ fileName }) => {
      const name = folder.nameFile(fileName);
      renamed ||= name !== fileName;
      return folder.path + name;
    });
    return { paths, renamed };
  });
}

interface OpenedFolder {
  folder: ArchiveFolder;
  /** Whether its path is not the one that was wanted. */
  renamed: boolean;
}

function openedAs(folder: ArchiveFolder, wanted: string): OpenedFolder {
  return { folder, renamed: folder.path !== (wanted === '' ? '' : `${wanted}/`) };
}

/** The asset's title; without one, its original's file name without the extension. */
function folderTitle({ asset, renditions }: AssetFiles): string {
  if (asset.title.trim() !== '') return asset.title;
  const file = renditions.find(({ kind }) => kind === 'original') ?? renditions[0];
  return file?.fileName.replace(/(?<=.)\.[^.]*$/su, '') ?? '';
}

function openFolder(root: ArchiveFolder, path: string): ArchiveFolder {
  return path
    .split('/')
    .filter((component) => component !== '')
    .reduce((folder, component) => folder.folder(component), root);
}
