import type { AdminTexts } from '../../dictionary.ts';

export const users: AdminTexts['users'] = {
  title: 'Benutzer',
};
