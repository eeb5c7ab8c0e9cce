import type { PortalTexts } from '../dictionary.ts';

export const shared: PortalTexts['shared'] = {
  title: 'Mit mir geteilt',
  soon: 'Diese Seite entsteht gerade',
  soonHint: 'Was andere Ihnen schicken, erreicht Sie als E-Mail mit einem Link.',
};
