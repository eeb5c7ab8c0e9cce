import type { PortalTexts } from '../dictionary.ts';

export const request: PortalTexts['request'] = {
  title: 'Herunterladen',
};
