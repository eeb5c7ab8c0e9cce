import type { AdminTexts } from '../../dictionary.ts';

export const presets: AdminTexts['presets'] = {
  title: 'Vorgaben',
};
