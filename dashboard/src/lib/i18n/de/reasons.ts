import type { PortalTexts } from '../dictionary.ts';

export const reasons: PortalTexts['reasons'] = {
  'asset.not_found': 'Nicht da oder für Sie nicht sichtbar',
  'asset.not_approved': 'Nicht freigegeben',
  'asset.expired': 'Abgelaufen',
  'licence.not_accepted': 'Lizenz nicht angenommen',
  'licence.not_approved': 'Lizenz nicht freigegeben und darum nicht annehmbar',
  'licence.changed': 'Die Lizenz hat sich seit der Annahme geändert',
  'licence.removed': 'Sie haben seine Lizenz weggelassen',
  'visibility.originals_off': 'Originale sind abgeschaltet',
  'visibility.renditions_off': 'Varianten sind abgeschaltet',
  'visibility.rule_denied': 'Eine Gruppenregel erlaubt es nicht',
  'rendition.none_available': 'Keine solche Variante',
  'rendition.not_entitled': 'Braucht eine Berechtigung, die Sie nicht haben',
  'rendition.not_approved': 'Seine Vorgabe ist nicht freigegeben',
  'rendition.failed': 'Seine Variante konnte nicht erzeugt werden',
  'blob.missing': 'Seine Datei fehlt',
  'blob.corrupt': 'Seine Datei ist beschädigt',
};
