import type { AdminTexts } from '../../dictionary.ts';

export const frame: AdminTexts['frame'] = {
  title: 'Verwaltung',
  configuration: 'Konfiguration',
  readOnly: 'Sie dürfen hier alles ansehen und nichts ändern.',
  soon: 'Diese Seite entsteht gerade',
  soonHint: 'Bis dahin beantwortet die API dieselben Fragen.',
};
