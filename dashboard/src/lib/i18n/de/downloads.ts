import type { PortalTexts } from '../dictionary.ts';

export const downloads: PortalTexts['downloads'] = {
  title: 'Meine Downloads',
  empty: 'Noch nichts da.',
  emptyHint: 'Wählen Sie Assets aus und laden Sie sie herunter: Sie erscheinen hier, mit Fortschritt und Link.',
  toAssets: 'Assets auswählen',
  leftOut: (n) => `${n} ausgelassen`,
  askedFor: 'angefragt',
  progressOf: (name) => `Fortschritt von ${name}`,
  queuePosition: (n) => `Nummer ${n} in der Warteschlange`,
  gathering: 'Die Dateien werden gesammelt',
  fetchUntil: 'Abholbar bis',
  download: 'Herunterladen',
  part: (n) => `Teil ${n}`,
  again: 'Noch einmal anfragen',
};
