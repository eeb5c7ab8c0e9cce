import type { AdminTexts } from '../../dictionary.ts';

export const frame: AdminTexts['frame'] = {
  title: 'Verwaltung',
  configuration: 'Konfiguration',
  readOnly: 'Sie dürfen hier alles ansehen und nichts ändern.',
};
