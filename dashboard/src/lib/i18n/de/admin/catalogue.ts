import { counted } from '../../counted.ts';
import type { AdminTexts } from '../../dictionary.ts';

const count = counted('de');

export const catalogue: AdminTexts['catalogue'] = {
  title: 'Katalog',
  hint: 'Was hinzugefügt wurde, und was davon alle sehen dürfen.',
  add: 'Assets hinzufügen',
  status: 'Status',
  tabs: { draft: 'Warten auf Freigabe', approved: 'Freigegeben', rejected: 'Abgelehnt' },
  empty: {
    draft: 'Nichts wartet auf Freigabe',
    approved: 'Noch ist nichts freigegeben',
    rejected: 'Nichts wurde abgelehnt',
  },
  emptyHint: 'Was hinzugefügt wird, wartet hier, bis es jemand freigibt.',
  asset: 'Asset',
  select: 'Auswählen',
  selectPage: 'Alle gezeigten auswählen',
  folder: 'Ordner',
  licence: 'Lizenz',
  noLicence: 'Ohne Lizenz',
  size: 'Größe',
  added: 'Hinzugefügt',
  actions: 'Aktionen',
  dimensions: 'Maße',
  fileName: 'Dateiname',
  mediaType: 'Medientyp',
  expires: 'Läuft ab',
  never: 'Nie',
  inPortal: 'Im Portal öffnen',
  verbs: { approved: 'Freigeben', rejected: 'Ablehnen', draft: 'Freigabe zurückziehen' },
  verbOf: { approved: (title) => `${title} freigeben`, rejected: (title) => `${title} ablehnen` },
  approveChosen: 'Auswahl freigeben',
  done: {
    approved: (n) => `${count(n, 'Asset', 'Assets')} freigegeben`,
    rejected: (n) => `${count(n, 'Asset', 'Assets')} abgelehnt`,
    draft: (n) => `Freigabe von ${count(n, 'Asset', 'Assets')} zurückgezogen`,
  },
  asks: {
    approved: (n) => `${count(n, 'Asset', 'Assets')} freigeben?`,
    rejected: (n) => `${count(n, 'Asset', 'Assets')} ablehnen?`,
    draft: (n) => `Die Freigabe von ${count(n, 'Asset', 'Assets')} zurückziehen?`,
  },
  hints: {
    approved: 'Alle finden sie dann und können sie herunterladen, soweit Lizenzen und Konfiguration es erlauben.',
    rejected: 'Nur noch Administration und Revision sehen sie. Sie lassen sich später doch noch freigeben.',
    draft:
      'Sie lassen sich nicht mehr finden oder herunterladen, auch nicht in fertigen Archiven, bis sie wieder freigegeben sind.',
  },
  progress: 'Fortschritt',
  changed: (done, total) => `${done} von ${total} erledigt`,
  busy: 'Der Server nimmt im Moment nicht mehr an; es geht von selbst weiter.',
  stop: 'Anhalten',
  failed: (n) => `${count(n, 'Asset', 'Assets')} ließen sich nicht ändern`,
  stopped: (n) => `Angehalten: ${count(n, 'Asset bleibt', 'Assets bleiben')}, wie es war.`,
  again: 'Diese noch einmal versuchen',
};
