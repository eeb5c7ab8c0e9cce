import type { PortalTexts } from '../dictionary.ts';

export const preferences: PortalTexts['preferences'] = {
  title: 'Einstellungen',
};
