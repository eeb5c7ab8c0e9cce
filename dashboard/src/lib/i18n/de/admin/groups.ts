import type { AdminTexts } from '../../dictionary.ts';

export const groups: AdminTexts['groups'] = {
  title: 'Gruppen',
};
