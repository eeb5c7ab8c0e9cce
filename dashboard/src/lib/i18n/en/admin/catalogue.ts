import { counted } from '../../counted.ts';

const count = counted('en');

export const catalogue = {
  title: 'Catalogue',
  hint: 'What was added, and what of it everybody may see.',
  add: 'Add assets',
  status: 'Status',
  tabs: { draft: 'Waiting for approval', approved: 'Approved', rejected: 'Rejected' },
  empty: {
    draft: 'Nothing waits for approval',
    approved: 'Nothing is approved yet',
    rejected: 'Nothing was rejected',
  },
  emptyHint: 'What is added waits here until somebody approves it.',
  asset: 'Asset',
  select: 'Select',
  selectPage: 'Select all that are shown',
  folder: 'Folder',
  licence: 'Licence',
  noLicence: 'No licence',
  size: 'Size',
  added: 'Added',
  actions: 'Actions',
  dimensions: 'Dimensions',
  fileName: 'File name',
  mediaType: 'Media type',
  expires: 'Expires',
  never: 'Never',
  inPortal: 'Open in the portal',
  verbs: { approved: 'Approve', rejected: 'Reject', draft: 'Withdraw approval' },
  verbOf: { approved: (title: string) => `Approve ${title}`, rejected: (title: string) => `Reject ${title}` },
  approveChosen: 'Approve the selection',
  done: {
    approved: (n: number) => `${count(n, 'asset', 'assets')} approved`,
    rejected: (n: number) => `${count(n, 'asset', 'assets')} rejected`,
    draft: (n: number) => `Approval of ${count(n, 'asset', 'assets')} withdrawn`,
  },
  asks: {
    approved: (n: number) => `Approve ${count(n, 'asset', 'assets')}?`,
    rejected: (n: number) => `Reject ${count(n, 'asset', 'assets')}?`,
    draft: (n: number) => `Withdraw the approval of ${count(n, 'asset', 'assets')}?`,
  },
  hints: {
    approved: 'Everybody finds them then, and can download them as the licences and the configuration allow.',
    rejected: 'Nobody but administrators and auditors sees them. They can still be approved later.',
    draft:
      'They can no longer be found or downloaded, archives that are ready included, until they are approved again.',
  },
  progress: 'Progress',
  changed: (done: string, total: string) => `${done} of ${total} done`,
  busy: 'The server takes no more at the moment; it goes on by itself.',
  stop: 'Stop',
  failed: (n: number) => `${count(n, 'asset', 'assets')} could not be changed`,
  stopped: (n: number) => `Stopped: ${count(n, 'asset was', 'assets were')} left as they are.`,
  again: 'Try these again',
};
