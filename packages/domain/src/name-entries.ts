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
  const opened = new Map<string, ArchiveFolder>();
  const folders = assets.map((files): { folder: ArchiveFolder; wanted: string } => {
    if (layout === 'flat') return { folder: root, wanted: '' };
    if (layout === 'folder-per-asset') {
      const title = folderTitle(files);
      return { folder: root.addFolder(title), wanted: title };
    }
    const wanted = files.asset.folder;
    const folder = opened.get(wanted) ?? openFolder(root, wanted);
    opened.set(wanted, folder);
    return { folder, wanted };
  });
  return assets.map(({ renditions }, index) => {
    const { folder, wanted } = folders[index]!;
    const prefix = wanted === '' ? '' : `${wanted}/`;
    let renamed = false;
    const paths = renditions.map(({ fileName }) => {
      const path = folder.addFile(fileName);
      renamed ||= path !== prefix + fileName;
      return path;
    });
    return { paths, renamed };
  });
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
