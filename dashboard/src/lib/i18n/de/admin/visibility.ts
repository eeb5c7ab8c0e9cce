import type { AdminTexts } from '../../dictionary.ts';

export const visibility: AdminTexts['visibility'] = {
  title: 'Sichtbarkeit',
};
