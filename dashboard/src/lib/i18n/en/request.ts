import { counted } from '../counted.ts';

const count = counted('en');
const list = new Intl.ListFormat('en');

/** The dialog that asks for a download. */
export const request = {
  title: 'Download assets',
  next: 'Continue',
  send: 'Download',
  direct: 'The file is on its way.',
  started: 'The download is being prepared.',
  andMore: (n: number) => `and ${count(n, 'more', 'more')}`,

  expiredTitle: 'Some assets have expired',
  expiredOf: (n: number, total: number) => `${n} of ${count(total, 'asset has', 'assets have')} expired`,
  expiredOn: 'Expired assets may still be downloaded here. Check that you may still use them.',
  expiredOff: 'Downloads of expired assets are switched off here: you can go on without them.',
  expiredAt: 'Expired on',
  withExpired: 'Proceed with all assets',
  withoutExpired: 'Proceed without them',

  licencesTitle: 'Licences',
  licences: 'Licences of the selection',
  noLicences: 'No licence is needed.',
  backToLicences: 'Back to the licences',
  terms: 'Terms & conditions',
  accept: 'I have read and accepted the terms & conditions mentioned above',
  readFirst: 'You can accept them once they are shown.',
  accepted: 'Accepted',
  reviewed: 'Reviewed',
  unread: 'Not read yet',
  removed: 'Removed',
  notAcceptable: 'Cannot be accepted',
  notApproved: 'This licence is not approved yet',
  notApprovedHint: 'Its terms cannot be shown, so they cannot be accepted. Remove it to go on without its assets.',
  removeLicence: (title: string) => `Remove the licence ${title} and its assets`,
  licenceRemoved: 'This licence is removed, and its assets will not be downloaded.',
  takeBack: 'Take it back',
  itsAssets: 'Assets under this licence',
  underIt: (n: number) => `${count(n, 'asset', 'assets')} under this licence`,
  termsChanged: (titles: string[]) =>
    `The terms have changed while you were reading: ${list.format(titles)}. Please read them again.`,
  page: (n: number) => `Page ${n}`,
  pages: (n: number) => count(n, 'page', 'pages'),
  openPdf: 'Open the PDF in a new tab',

  what: 'What to download',
  renditions: {
    originals: 'Originals',
    static: 'Static renditions only',
    'originals-and-static': 'Originals & static renditions',
  },
  renditionHints: {
    originals: 'Each asset as it was uploaded',
    static: 'All prepared sizes, without the originals',
    'originals-and-static': 'Everything of the two',
  },
  name: 'Name',
  nameHint: 'You find the download by it, and the archive is called like this.',
  layout: 'Folders in the archive',
  layouts: {
    flat: 'None: all files together',
    'folder-per-asset': 'One for each asset',
    catalogue: 'As in the catalogue',
  },
  format: 'Format',
  formats: { zip: 'ZIP', tar: 'TAR', 'tar.gz': 'TAR, compressed' },
  partSize: 'Parts',
  onePart: 'One archive',
  partsOf: (size: string) => `Parts of ${size}`,
  deflate: 'Compress',
  deflateHint: 'Pictures and videos hardly get smaller, and the archive takes longer.',
  notifyMe: 'Email me when it is ready',
  others: 'Email others too',
  othersHint: 'They get the link. Separate addresses by commas.',
  notAddresses: (texts: string[]) => `Not an address: ${list.format(texts)}`,

  summary: 'What you will get',
  atLeast: (size: string) => `At least ${size}`,
  holds: (files: number, assets: number) => `${count(files, 'file', 'files')} of ${count(assets, 'asset', 'assets')}`,
  inParts: (n: number) => `in ${count(n, 'part', 'parts')}`,
  oversized: (n: number) =>
    n === 1
      ? 'One part is larger than asked for: the files of an asset stay together.'
      : `${n} parts are larger than asked for: the files of an asset stay together.`,
  sentAsIs: 'The file is sent as it is, without an archive.',
  inBackground: 'It is prepared in the background. You can go on working.',
  atOnce: 'It is ready in a moment.',
  until: 'Can be fetched until',
  toRender: (n: number) => `${count(n, 'rendition is', 'renditions are')} still to be made.`,
  expiring: (n: number) => `${count(n, 'asset expires', 'assets expire')} soon.`,
  leftOut: (excluded: number, reasons: number) =>
    `${excluded > 0 ? `${count(excluded, 'asset is', 'assets are')} left out` : 'Some files are left out'}, for ${count(reasons, 'reason', 'reasons')}`,
  partly: (n: number) => `some files of ${n}`,
  renamed: (n: number) => `Files of ${count(n, 'asset', 'assets')} get another name`,
  nothingLeft: 'Nothing of the selection can be downloaded.',
  tooMany: 'These are more assets than one download may have.',
  overQuota: (subject: string) => `This is more than what is left of the quota of ${subject}.`,
};
