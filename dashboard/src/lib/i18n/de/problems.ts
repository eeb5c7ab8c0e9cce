import type { PortalTexts } from '../dictionary.ts';

export const problems: PortalTexts['problems'] = {
  title: 'Das hat nicht geklappt',
  connection: 'Der Server ist nicht erreichbar. Versuchen Sie es gleich noch einmal.',
  unexpected: 'Hier ist etwas schiefgegangen. Laden Sie die Seite neu.',
  waitSeconds: (duration) => `Versuchen Sie es in ${duration} noch einmal.`,
  codes: {
    'auth.required': 'Sie sind nicht angemeldet.',
    'auth.forbidden': 'Das dürfen Sie nicht.',
    'resource.not_found': 'Es ist weg oder gehört Ihnen nicht.',
    'resource.conflict': 'Jemand hat es inzwischen geändert. Sehen Sie es noch einmal an.',
    'rate.limited': 'Zu viele Anfragen auf einmal.',
    'service.unavailable': 'Der Dienst ist gerade nicht verfügbar.',
    'storage.full': 'Der Speicher ist voll. Sagen Sie es der Verwaltung.',
    'download.state_conflict': 'Der Download ist inzwischen weiter.',
    'download.quarantined':
      'Die Vorbereitung dieses Downloads hat einen Worker nach dem anderen angehalten. Die Verwaltung muss ihn ansehen und freigeben.',
    internal: 'Der Server hat versagt. Nennen Sie der Verwaltung die Nummer unten.',
  },
};
