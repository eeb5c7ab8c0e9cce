import type { PortalTexts } from '../dictionary.ts';

export const signIn: PortalTexts['signIn'] = {
  title: 'Bei Sheaf anmelden',
  email: 'E-Mail',
  password: 'Passwort',
  forgotten: 'Vergessen? Fragen Sie die Verwaltung.',
  submit: 'Anmelden',
  busy: 'Meldet an…',
  with: (provider) => `Anmelden mit ${provider}`,
  wrong: 'E-Mail oder Passwort stimmt nicht.',
  tooMany: 'Zu viele Versuche. Warten Sie eine Minute, dann versuchen Sie es noch einmal.',
  againTitle: 'Noch einmal anmelden',
  againHint:
    'Ihre Sitzung ist zu Ende. Nichts von dem, was Sie getippt haben, ist verloren: Melden Sie sich an, dann geht es weiter.',
  somebodyElse: 'Als jemand anderes anmelden',
  otherWindow: 'Melden Sie sich im neuen Tab an und kommen Sie dann hierher zurück.',
  otherPerson: 'Das ist jemand anderes. Melden Sie sich als die Person an, die hier war, oder beginnen Sie neu.',
  signedIn: 'Sie sind angemeldet',
  signedInHint: 'Schließen Sie diesen Tab und kehren Sie zu dem zurück, aus dem Sie kamen.',
  refusals: {
    denied:
      'Sie wurden dort nicht angemeldet. Versuchen Sie es noch einmal oder melden Sie sich mit einem Passwort an.',
    restart: 'Das hat zu lange gedauert oder begann in einem anderen Fenster. Melden Sie sich noch einmal an.',
    email_not_verified:
      'Der Identitätsanbieter hat Ihre E-Mail-Adresse nicht bestätigt. Bestätigen Sie sie dort und versuchen Sie es noch einmal.',
    email_missing: 'Der Identitätsanbieter nennt Ihre E-Mail-Adresse nicht. Fragen Sie die Verwaltung.',
    user_disabled: 'Ihr Konto ist gesperrt. Fragen Sie die Verwaltung.',
    provider_unavailable:
      'Der Identitätsanbieter ist nicht erreichbar. Versuchen Sie es gleich noch einmal oder melden Sie sich mit einem Passwort an.',
    unknown: 'Die Anmeldung hat nicht geklappt. Versuchen Sie es noch einmal oder fragen Sie die Verwaltung.',
  },
};
