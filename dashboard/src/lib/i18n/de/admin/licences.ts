import type { AdminTexts } from '../../dictionary.ts';

export const licences: AdminTexts['licences'] = {
  title: 'Lizenzen',
};
