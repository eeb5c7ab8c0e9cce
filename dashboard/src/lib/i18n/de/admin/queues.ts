import type { AdminTexts } from '../../dictionary.ts';

export const queues: AdminTexts['queues'] = {
  title: 'Warteschlangen',
};
