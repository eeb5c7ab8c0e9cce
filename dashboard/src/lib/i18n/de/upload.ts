import { counted } from '../counted.ts';
import type { PortalTexts } from '../dictionary.ts';

const count = counted('de');

export const upload: PortalTexts['upload'] = {
  title: 'Assets hinzufügen',
  hint: 'Jede Datei wird ein Asset des Katalogs.',
  forAll: 'Für alle diese Dateien',
  folder: 'Ordner',
  folderHint: 'Zum Beispiel Kampagnen/Frühling; leer: ganz oben im Katalog.',
  licence: 'Lizenz',
  noLicence: 'Ohne Lizenz',
  expires: 'Läuft ab',
  expiresHint: 'Ab dann lässt es sich nicht mehr herunterladen.',
  files: 'Dateien',
  drop: 'Legen Sie Dateien hier ab, oder wählen Sie sie.',
  choose: 'Dateien wählen',
  noFolders: 'Ein Ordner lässt sich nicht als Ganzes hinzufügen: Öffnen Sie ihn und wählen Sie seine Dateien.',
  titleOf: (file) => `Titel von ${file}`,
  start: (n) => `${count(n, 'Datei', 'Dateien')} hinzufügen`,
  cancelOf: (file) => `${file} abbrechen`,
  retryOf: (file) => `${file} noch einmal versuchen`,
  retryAll: (n) => `${count(n, 'Datei', 'Dateien')} noch einmal versuchen`,
  removeOf: (file) => `${file} von der Liste nehmen`,
  clear: 'Erledigte entfernen',
  progressOf: (file) => `Fortschritt von ${file}`,
  progressOfAll: 'Fortschritt aller Dateien',
  waiting: 'Wartet, bis sie an der Reihe ist',
  checking: 'Gesendet; wird geprüft und gespeichert',
  cancelled: 'Abgebrochen',
  failed: 'Nicht hinzugefügt',
  added: 'Hinzugefügt',
  draft: 'Wartet auf Freigabe',
  approved: 'Freigegeben',
  summary: (added, failed, left) =>
    [
      `${count(added, 'Datei', 'Dateien')} hinzugefügt`,
      ...(failed > 0 ? [`${failed} nicht hinzugefügt`] : []),
      ...(left > 0 ? [`${left} noch nicht`] : []),
    ].join(', '),
  toDrafts: 'Zu denen, die auf Freigabe warten',
  draftsHint: 'Die Administration gibt sie frei; dann sehen sie alle.',
  leaveTitle: 'Mit dem Hinzufügen aufhören?',
  leaveHint: (n) =>
    `${count(n, 'Datei ist', 'Dateien sind')} noch nicht hinzugefügt. Wer diese Seite verlässt, bricht sie ab.`,
  leave: 'Seite verlassen',
  unreadableHere: 'Die Datei lässt sich auf diesem Rechner nicht mehr lesen. Wählen Sie sie neu.',
  tooLarge: (most) => `Die Datei ist zu groß: Diese Installation nimmt Dateien bis ${most} an.`,
  refusals: {
    'upload.unreadable':
      'Die Datei heißt wie ein Bild, ist aber beschädigt, zu groß, um gezeigt zu werden, oder kein Bild.',
    'upload.empty': 'Die Datei ist leer.',
    'resource.conflict': 'In dem Ordner gibt es schon eine Datei dieses Namens.',
    'input.invalid': 'Etwas daran ist nicht gültig:',
    'idempotency.mismatch': 'Sie wurde schon mit anderen Angaben gesendet. Versuchen Sie es noch einmal.',
    'idempotency.in_progress':
      'Sie wird vom vorigen Versuch her noch gespeichert. Versuchen Sie es gleich noch einmal.',
  },
};
