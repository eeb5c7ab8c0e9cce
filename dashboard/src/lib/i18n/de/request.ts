import { counted } from '../counted.ts';
import type { PortalTexts } from '../dictionary.ts';

const count = counted('de');
const list = new Intl.ListFormat('de');

export const request: PortalTexts['request'] = {
  title: 'Assets herunterladen',
  next: 'Weiter',
  send: 'Herunterladen',
  direct: 'Die Datei ist unterwegs.',
  started: 'Der Download wird vorbereitet.',
  andMore: (n) => `und ${count(n, 'weiteres', 'weitere')}`,

  expiredTitle: 'Einige Assets sind abgelaufen',
  expiredOf: (n, total) => `${n} von ${count(total, 'Asset', 'Assets')} abgelaufen`,
  expiredOn:
    'Abgelaufene Assets können hier noch heruntergeladen werden. Prüfen Sie, ob Sie sie noch verwenden dürfen.',
  expiredOff: 'Downloads abgelaufener Assets sind hier ausgeschaltet: Sie können ohne sie weitermachen.',
  expiredAt: 'Abgelaufen am',
  withExpired: 'Mit allen Assets fortfahren',
  withoutExpired: 'Ohne sie fortfahren',

  licencesTitle: 'Lizenzen',
  licences: 'Lizenzen der Auswahl',
  noLicences: 'Es wird keine Lizenz gebraucht.',
  backToLicences: 'Zurück zu den Lizenzen',
  terms: 'Bedingungen',
  accept: 'Ich habe die obigen Bedingungen gelesen und akzeptiert',
  readFirst: 'Akzeptieren können Sie, sobald die Bedingungen zu sehen sind.',
  accepted: 'Akzeptiert',
  reviewed: 'Angesehen',
  unread: 'Noch nicht gelesen',
  removed: 'Entfernt',
  notAcceptable: 'Nicht akzeptierbar',
  notApproved: 'Diese Lizenz ist noch nicht freigegeben',
  notApprovedHint:
    'Ihre Bedingungen können nicht gezeigt und also nicht akzeptiert werden. Entfernen Sie sie, um ohne ihre Assets weiterzumachen.',
  removeLicence: (title) => `Entfernen: Lizenz ${title} mit ihren Assets`,
  remove: 'Entfernen',
  removeAndContinue: (n) => `Entfernen und ohne ${count(n, 'Asset', 'Assets')} weitermachen`,
  undo: 'Zurücknehmen',
  undoRemoval: (title) => `Zurücknehmen: Lizenz ${title} nicht entfernen`,
  licencesLeft: (n) => `Noch ${count(n, 'Lizenz', 'Lizenzen')} zu entscheiden`,
  licenceRemoved: 'Diese Lizenz ist entfernt, ihre Assets werden nicht heruntergeladen.',
  takeBack: 'Wieder aufnehmen',
  itsAssets: 'Assets unter dieser Lizenz',
  underIt: (n) => `${count(n, 'Asset', 'Assets')} unter dieser Lizenz`,
  termsChanged: (titles) =>
    `Die Bedingungen haben sich geändert, während Sie lasen: ${list.format(titles)}. Bitte lesen Sie sie noch einmal.`,
  page: (n) => `Seite ${n}`,
  pages: (n) => count(n, 'Seite', 'Seiten'),
  openPdf: 'Das PDF in einem neuen Tab öffnen',

  what: 'Was herunterladen',
  renditions: {
    originals: 'Originale',
    static: 'Nur statische Renditions',
    'originals-and-static': 'Originale und statische Renditions',
  },
  renditionHints: {
    originals: 'Jedes Asset, wie es hochgeladen wurde',
    static: 'Alle vorbereiteten Größen, ohne Originale',
    'originals-and-static': 'Alles von beidem',
  },
  name: 'Name',
  nameHint: 'Unter ihm finden Sie den Download, und so heißt das Archiv.',
  layout: 'Ordner im Archiv',
  layouts: {
    flat: 'Keine: alle Dateien zusammen',
    'folder-per-asset': 'Einer für jedes Asset',
    catalogue: 'Wie im Katalog',
  },
  format: 'Format',
  formats: { zip: 'ZIP', tar: 'TAR', 'tar.gz': 'TAR, komprimiert' },
  partSize: 'Teile',
  onePart: 'Ein Archiv',
  partsOf: (size) => `Teile zu ${size}`,
  deflate: 'Komprimieren',
  deflateHint: 'Bilder und Videos werden kaum kleiner, und das Archiv braucht länger.',
  notifyMe: 'E-Mail an mich, wenn er bereit ist',
  others: 'E-Mail auch an andere',
  othersHint: 'Sie bekommen den Link. Trennen Sie Adressen durch Kommas.',
  notAddresses: (texts) => `Keine Adresse: ${list.format(texts)}`,

  summary: 'Was Sie bekommen',
  atLeast: (size) => `Mindestens ${size}`,
  holds: (files, assets) => `${count(files, 'Datei', 'Dateien')} von ${count(assets, 'Asset', 'Assets')}`,
  inParts: (n) => `in ${count(n, 'Teil', 'Teilen')}`,
  oversized: (n) =>
    n === 1
      ? 'Ein Teil ist größer als gewünscht: Die Dateien eines Assets bleiben zusammen.'
      : `${n} Teile sind größer als gewünscht: Die Dateien eines Assets bleiben zusammen.`,
  sentAsIs: 'Die Datei wird gesendet, wie sie ist, ohne Archiv.',
  inBackground: 'Er wird im Hintergrund vorbereitet. Sie können weiterarbeiten.',
  atOnce: 'Er ist gleich bereit.',
  until: 'Abrufbar bis',
  toRender: (n) => `${count(n, 'Rendition muss', 'Renditions müssen')} noch erzeugt werden.`,
  expiring: (n) => `${count(n, 'Asset läuft', 'Assets laufen')} bald ab.`,
  leftOut: (excluded, reasons) =>
    `${excluded > 0 ? `${count(excluded, 'Asset fehlt', 'Assets fehlen')}` : 'Einige Dateien fehlen'}, aus ${count(reasons, 'Grund', 'Gründen')}`,
  partly: (n) => `einige Dateien von ${n}`,
  renamed: (n) => `Dateien von ${count(n, 'Asset', 'Assets')} bekommen einen anderen Namen`,
  nothingLeft: 'Von der Auswahl kann nichts heruntergeladen werden.',
  tooMany: 'Das sind mehr Assets, als ein Download haben darf.',
  overQuota: (subject) => `Das ist mehr, als vom Kontingent von ${subject} übrig ist.`,
};
