import { counted } from '../counted.ts';

const count = counted('en');

export const asset = {
  title: 'Asset',
  back: 'All assets',
  select: 'Select',
  deselect: 'Selected',
  properties: 'Properties',
  fileName: 'File name',
  dimensions: 'Dimensions',
  pixels: (width: string, height: string) => `${width} × ${height}`,
  size: 'Size',
  root: 'Top of the catalogue',
  modified: 'Changed',
  expires: 'Expires',
  download: 'Download',
  original: 'Original',
  kinds: {
    original: 'Original',
    static: 'Static renditions',
    dynamic: 'Dynamic renditions',
    'smart-crop': 'Smart crops',
  },
  nothing: 'Nothing to download',
  nothingHint: 'Originals and renditions of this asset are switched off for you. Ask your administrator.',
  chooseSome: 'Choose at least one file.',
  acceptFirst: 'Accept the licence first.',
  openFirst: 'Open the terms first.',
  notApprovedHint: 'Its terms cannot be shown, so the asset cannot be downloaded yet.',
  downloadChosen: (n: number) => (n > 1 ? `Download ${count(n, 'file', 'files')}` : 'Download'),
};
