export const assets = {
  title: 'Assets',
  empty: 'No assets yet',
  emptyHint: 'Approved assets appear here. A contributor adds them; an administrator approves them.',
};
