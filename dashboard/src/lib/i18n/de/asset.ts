import { counted } from '../counted.ts';
import type { PortalTexts } from '../dictionary.ts';

const count = counted('de');

export const asset: PortalTexts['asset'] = {
  title: 'Asset',
  back: 'Alle Assets',
  select: 'Auswählen',
  deselect: 'Ausgewählt',
  properties: 'Eigenschaften',
  fileName: 'Dateiname',
  dimensions: 'Maße',
  pixels: (width, height) => `${width} × ${height}`,
  size: 'Größe',
  root: 'Oberste Ebene',
  modified: 'Geändert',
  expires: 'Läuft ab',
  download: 'Herunterladen',
  original: 'Original',
  kinds: {
    original: 'Original',
    static: 'Statische Renditions',
    dynamic: 'Dynamische Renditions',
    'smart-crop': 'Smart Crops',
  },
  nothing: 'Nichts herunterzuladen',
  nothingHint: 'Originale und Renditions dieses Assets sind für Sie ausgeschaltet. Fragen Sie Ihre Administration.',
  chooseSome: 'Wählen Sie mindestens eine Datei.',
  acceptFirst: 'Akzeptieren Sie zuerst die Lizenz.',
  openFirst: 'Öffnen Sie zuerst die Bedingungen.',
  notApprovedHint:
    'Ihre Bedingungen können nicht gezeigt werden, darum kann das Asset noch nicht heruntergeladen werden.',
  downloadChosen: (n) => (n > 1 ? `${count(n, 'Datei', 'Dateien')} herunterladen` : 'Herunterladen'),
};
