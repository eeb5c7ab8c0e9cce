import type { PortalTexts } from '../dictionary.ts';

export const shared: PortalTexts['shared'] = {
  title: 'Mit mir geteilt',
  empty: 'Noch wurde nichts mit Ihnen geteilt.',
  emptyHint: 'Lässt jemand einen Download an Ihre E-Mail-Adresse schicken, erscheint er hier mit seinem Link.',
  from: 'Von',
  sharedAt: 'geteilt',
  states: {
    ready: 'Bereit',
    preparing: 'Wird neu gemacht',
    expired: 'Abgelaufen',
    revoked: 'Link zurückgezogen',
    unavailable: 'Nicht verfügbar',
  },
  hints: {
    preparing: 'Sein Link wird Ihnen noch einmal geschickt.',
    expired: 'Er kann nicht mehr abgeholt werden. Bitten Sie den Absender, ihn noch einmal anzufragen.',
    revoked: 'Der Link, der Ihnen geschickt wurde, geht nicht mehr.',
    unavailable: 'Es ist nicht gelungen, ihn neu zu machen. Fragen Sie den Absender.',
  },
};
