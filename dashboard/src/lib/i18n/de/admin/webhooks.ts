import type { AdminTexts } from '../../dictionary.ts';

export const webhooks: AdminTexts['webhooks'] = {
  title: 'Webhooks',
};
