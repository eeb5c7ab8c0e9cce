import type { PortalTexts } from '../dictionary.ts';

export const assets: PortalTexts['assets'] = {
  title: 'Assets',
  empty: 'Noch keine Assets',
  emptyHint: 'Freigegebene Assets erscheinen hier. Beitragende fügen sie hinzu; die Verwaltung gibt sie frei.',
};
