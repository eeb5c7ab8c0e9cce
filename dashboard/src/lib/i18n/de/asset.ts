import type { PortalTexts } from '../dictionary.ts';

export const asset: PortalTexts['asset'] = {
  title: 'Asset',
};
