import type { AdminTexts } from '../../dictionary.ts';

export const failures: AdminTexts['failures'] = {
  title: 'Fehler',
};
