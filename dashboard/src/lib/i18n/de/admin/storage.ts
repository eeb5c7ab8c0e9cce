import { counted } from '../../counted.ts';
import type { AdminTexts } from '../../dictionary.ts';

const count = counted('de');

export const storage: AdminTexts['storage'] = {
  title: 'Speicher',
  measured: 'Gemessen',
  used: 'Belegt',
  usedHint: 'Dateien des Katalogs und was von Archiven gespeichert ist',
  free: 'Frei auf dem Datenträger',
  freeOf: (total) => `von ${total}`,
  unknown: 'Unbekannt',
  growth: 'Wachstum',
  perDay: (bytes) => `${bytes} am Tag`,
  growthUnknown: 'Braucht Messungen einer Stunde',
  full: 'Voll in',
  never: 'Nicht abzusehen',
  days: (n) => count(Math.floor(n), 'Tag', 'Tagen'),
  byUse: 'Wofür er gebraucht wird',
  use: 'Gebrauch',
  files: 'Dateien',
  size: 'Größe',
  uses: {
    blobs: 'Alle Dateien des Katalogs, jede einmal',
    originals: 'Originale',
    staticRenditions: 'Feste Varianten',
    dynamicRenditions: 'Varianten auf Anforderung',
    documents: 'Dokumente von Lizenzen',
    archives: 'Archive, ganz gespeichert',
    tails: 'Was von gestreamten Archiven gespeichert ist',
  },
  history: 'Belegter Speicher nach Tagen',
  historyUsed: 'Belegt',
  empty: 'Noch wurde nichts gemessen',
  emptyHint: 'Ein Worker misst jede Minute. Starten Sie einen und sehen Sie wieder nach.',
};
