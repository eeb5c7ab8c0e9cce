import { counted } from '../../counted.ts';
import type { failures as en } from '../../en/admin/failures.ts';

const count = counted('de');

export const failures: typeof en = {
  title: 'Fehlschläge',
  window: 'Zeit',
  windows: { '1': 'Letzte Stunde', '24': 'Letzte 24 Stunden', '168': 'Letzte 7 Tage', '2160': 'Letzte 90 Tage' },
  downloads: 'Downloads',
  downloadsHint: 'In dieser Zeit fehlgeschlagen und seither nicht wiederholt.',
  none: 'In dieser Zeit ist nichts fehlgeschlagen',
  noneHint: 'Wählen Sie einen längeren Zeitraum, um weiter zurückzusehen.',
  columns: {
    what: 'Was fehlschlug',
    count: 'Wie oft',
    people: 'Personen',
    first: 'Zuerst',
    last: 'Zuletzt',
    sample: 'Beispiel',
    act: 'Aktionen',
  },
  steps: { gather: 'beim Sammeln der Dateien', pack: 'beim Packen', wait: 'bevor ein Worker ihn hatte', unknown: '' },
  cause: (cause) => `Ursache: ${cause}`,
  show: (n) => `${count(n, 'Download', 'Downloads')} zeigen`,
  retry: (n) => (n === 1 ? 'Diesen wiederholen' : `Diese ${n.toLocaleString('de')} wiederholen`),
  quarantine: 'Quarantäne',
  quarantineHint:
    'Jeder hat einen Worker nach dem anderen angehalten. Darum bekommt ihn kein Worker mehr, bis Sie ihn freigeben. Seine Versuche sagen, wo es geschah.',
  quarantineColumns: { name: 'Download', requester: 'Angefordert von', size: 'Größe', since: 'Seit', act: 'Aktionen' },
  release: 'Freigeben…',
  releaseOf: (name) => `${name} freigeben`,
  releaseMore: 'Alle zeigen',
  renditions: 'Renditions',
  renditionsHint: 'Konnten nicht erzeugt werden, wann immer das war.',
  noRenditions: 'Alle Renditions konnten erzeugt werden.',
  renditionColumns: { name: 'Rendition', error: 'Warum', count: 'Wie oft', last: 'Zuletzt', sample: 'Beispiel' },
  storage: 'Speicher',
  storageHint: 'Gespeicherte Dateien, die nicht mehr sind, was sie waren.',
  noStorage: 'Jede geprüfte Datei ist so, wie sie gespeichert wurde.',
  faults: { missing: 'Fehlt', corrupt: 'Beschädigt' },
  files: (n) => count(n, 'Datei', 'Dateien'),
  ofAssets: (n) => `von ${count(n, 'Asset', 'Assets')}`,
  checked: 'Geprüft',
};
