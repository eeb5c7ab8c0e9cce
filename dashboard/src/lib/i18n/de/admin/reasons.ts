import type { AdminTexts } from '../../dictionary.ts';
import { reasons as portalReasons } from '../reasons.ts';

export const reasons: AdminTexts['reasons'] = {
  ...portalReasons,
  'asset.not_found': 'Nicht da oder für die anfordernde Person nicht sichtbar',
  'licence.removed': 'Die anfordernde Person hat seine Lizenz weggelassen',
  'rendition.not_entitled': 'Braucht eine Berechtigung, die die anfordernde Person nicht hat',
};
