import type { AdminTexts } from '../../dictionary.ts';

export const downloads: AdminTexts['downloads'] = {
  title: 'Downloads',
};
