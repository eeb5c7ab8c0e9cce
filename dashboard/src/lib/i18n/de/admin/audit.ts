import type { AdminTexts } from '../../dictionary.ts';

export const audit: AdminTexts['audit'] = {
  title: 'Protokoll',
};
