import type { AdminTexts } from '../../dictionary.ts';

export const retention: AdminTexts['retention'] = {
  title: 'Aufbewahrung',
};
