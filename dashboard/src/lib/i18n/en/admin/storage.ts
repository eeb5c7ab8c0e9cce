import { counted } from '../../counted.ts';

const count = counted('en');

export const storage = {
  title: 'Storage',
  measured: 'Measured',
  used: 'Used',
  usedHint: 'Files of the catalogue and what is stored of archives',
  free: 'Free on the disk',
  freeOf: (total: string) => `of ${total}`,
  unknown: 'Unknown',
  growth: 'Growth',
  perDay: (bytes: string) => `${bytes} a day`,
  growthUnknown: 'Needs an hour of measurements',
  full: 'Full in',
  never: 'Not in sight',
  days: (n: number) => count(Math.floor(n), 'day', 'days'),
  byUse: 'What it is used for',
  use: 'Use',
  files: 'Files',
  size: 'Size',
  uses: {
    blobs: 'All files of the catalogue, each once',
    originals: 'Originals',
    staticRenditions: 'Static renditions',
    dynamicRenditions: 'Renditions on demand',
    documents: 'Documents of licences',
    archives: 'Archives, stored whole',
    tails: 'What is stored of streamed archives',
  },
  history: 'Storage used, by day',
  historyUsed: 'Used',
  empty: 'Nothing has been measured yet',
  emptyHint: 'A worker measures every minute. Start one, and look again.',
};
