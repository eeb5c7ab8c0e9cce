import type { AdminTexts } from '../../dictionary.ts';

export const download: AdminTexts['download'] = {
  title: 'Download',
};
