import { counted } from '../counted.ts';
import type { PortalTexts } from '../dictionary.ts';

const count = counted('de');

export const assets: PortalTexts['assets'] = {
  title: 'Assets',
  empty: 'Noch keine Assets',
  emptyHint: 'Freigegebene Assets erscheinen hier. Mitwirkende fügen sie hinzu, die Administration gibt sie frei.',
  emptyHintAdd: 'Fügen Sie die ersten Dateien hinzu; sind sie freigegeben, finden alle sie hier.',
  add: 'Assets hinzufügen',
  nothingFound: 'Dazu gibt es nichts',
  nothingFoundHint: 'Suchen Sie nach weniger Wörtern, oder nehmen Sie einen Filter weg.',
  showAll: 'Alle Assets zeigen',
  searchFor: 'Assets suchen',
  filters: 'Filter',
  type: 'Art',
  types: {
    image: 'Bilder',
    video: 'Videos',
    audio: 'Ton',
    application: 'Dokumente',
    text: 'Texte',
    font: 'Schriften',
    model: '3D-Modelle',
  },
  folder: 'Ordner',
  allFolders: 'Alle Ordner',
  noFolders: 'Keine weiteren Ordner',
  licence: 'Lizenz',
  withoutLicence: 'Ohne Lizenz',
  expiringSoon: 'Läuft bald ab',
  expired: 'Abgelaufen',
  expiringIn: (days) => `Läuft in ${count(days, 'Tag', 'Tagen')} ab`,
  statuses: { draft: 'Entwurf', approved: 'Freigegeben', rejected: 'Abgelehnt' },
  fewer: 'Weniger zeigen',
  allOf: (n) => `Alle ${n} zeigen`,
  selection: 'Auswahl',
  choose: (title) => `${title} auswählen`,
  chosen: (n) => `${count(n, 'Asset', 'Assets')} ausgewählt`,
  chooseAll: (n) => `Alle ${count(n, 'Asset', 'Assets')} auswählen`,
  chooseEverything: 'Alle Assets dieser Ansicht auswählen',
  chooseNone: 'Auswahl aufheben',
  choseFirst: (n, total) =>
    `Ausgewählt sind die ersten ${count(n, 'Asset', 'Assets')} von ${count(total, 'Asset', 'Assets')}: mehr geht nicht auf einmal.`,
  download: 'Herunterladen',
  downloadChosen: 'Auswahl herunterladen',
};
