import { counted } from '../../counted.ts';

const count = counted('en');

export const failures = {
  title: 'Failures',
  window: 'Time',
  windows: { '1': 'Last hour', '24': 'Last 24 hours', '168': 'Last 7 days', '2160': 'Last 90 days' },
  downloads: 'Downloads',
  downloadsHint: 'Failed in this time, and not retried since.',
  none: 'Nothing has failed in this time',
  noneHint: 'Choose a longer time to look further back.',
  columns: {
    what: 'What failed',
    count: 'How often',
    people: 'People',
    first: 'First seen',
    last: 'Last seen',
    sample: 'Example',
    act: 'Actions',
  },
  steps: {
    gather: 'while gathering files',
    pack: 'while packing',
    wait: 'before a worker had it',
    unknown: '',
  } as Record<string, string>,
  cause: (cause: string) => `Cause: ${cause}`,
  show: (n: number) => `Show ${count(n, 'download', 'downloads')}`,
  retry: (n: number) => `Retry ${n === 1 ? 'this one' : `these ${n.toLocaleString('en')}`}`,
  quarantine: 'Quarantine',
  quarantineHint:
    'Each stopped one worker after the other, so no worker gets it again until you release it. Its attempts tell where it stopped them.',
  quarantineColumns: { name: 'Download', requester: 'Requester', size: 'Size', since: 'Since', act: 'Actions' },
  release: 'Release…',
  releaseOf: (name: string) => `Release ${name}`,
  releaseMore: 'Show all',
  renditions: 'Renditions',
  renditionsHint: 'Could not be made, whenever that was.',
  noRenditions: 'All renditions could be made.',
  renditionColumns: { name: 'Rendition', error: 'Why', count: 'How often', last: 'Last seen', sample: 'Example' },
  storage: 'Storage',
  storageHint: 'Stored files that are not what they were.',
  noStorage: 'Every file that was looked at is as it was stored.',
  faults: { missing: 'Missing', corrupt: 'Damaged' },
  files: (n: number) => count(n, 'file', 'files'),
  ofAssets: (n: number) => `of ${count(n, 'asset', 'assets')}`,
  checked: 'Looked at',
};
