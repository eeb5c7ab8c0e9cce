import type { AdminTexts } from '../../dictionary.ts';

export const limits: AdminTexts['limits'] = {
  title: 'Grenzen',
};
