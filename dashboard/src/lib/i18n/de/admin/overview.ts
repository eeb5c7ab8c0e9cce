import type { AdminTexts } from '../../dictionary.ts';

export const overview: AdminTexts['overview'] = {
  title: 'Übersicht',
};
