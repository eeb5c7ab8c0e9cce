import type { PortalTexts } from '../dictionary.ts';

export const inbox: PortalTexts['inbox'] = {
  title: 'Eingang',
  empty: 'Noch keine Nachrichten.',
  emptyHint: 'Hier erfahren Sie, wenn ein Download bereit ist, fehlschlägt oder abläuft.',
  unread: 'Ungelesen',
  markRead: 'Als gelesen markieren',
  markAllRead: 'Alle als gelesen markieren',
  show: 'Den Download zeigen',
  showWebhook: 'Den Webhook zeigen',
  mails: 'E-Mails',
  mailsHint: 'Kein Mailserver ist eingerichtet, darum werden Nachrichten an Sie hier aufbewahrt.',
  to: (address) => `an ${address}`,
};
