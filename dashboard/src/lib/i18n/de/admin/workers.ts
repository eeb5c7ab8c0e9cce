import type { AdminTexts } from '../../dictionary.ts';

export const workers: AdminTexts['workers'] = {
  title: 'Worker',
};
