import { counted } from '../counted.ts';
import type { PortalTexts } from '../dictionary.ts';

const count = counted('de');

export const preferences: PortalTexts['preferences'] = {
  title: 'Einstellungen',
  general: 'Allgemein',
  email: 'E-Mail an mich, wenn ein Download bereit ist oder fehlschlägt',
  emailHint: 'Jede Anforderung kann davon abweichen. Im Eingang steht immer eine Nachricht.',
  password: 'Passwort',
  passwordHint: 'Zusammen mit Ihrer E-Mail-Adresse lässt es Sie ein.',
  passwordElsewhere: (provider) =>
    `Sie melden sich mit ${provider} an. Ihr Passwort liegt dort und wird dort geändert.`,
  noPassword: 'Sie haben keines. Die Verwaltung kann Ihnen eines geben.',
  changePassword: 'Passwort ändern',
  changePasswordHint: 'Hier bleiben Sie angemeldet, überall sonst werden Sie abgemeldet. API-Tokens gelten weiter.',
  currentPassword: 'Bisheriges Passwort',
  wrongPassword: 'Das ist nicht Ihr bisheriges Passwort.',
  newPassword: 'Neues Passwort',
  repeatPassword: 'Neues Passwort, noch einmal',
  passwordsDiffer: 'Das ist nicht dasselbe wie oben.',
  passwordChanged: 'Ihr Passwort ist geändert.',
  tokens: 'API-Tokens',
  tokensHint: 'Ein Programm, das eines hat, darf alles, was Sie dürfen.',
  noTokens: 'Sie haben keine.',
  newToken: 'Neues Token',
  makeToken: 'Token machen',
  tokenName: 'Wofür es ist',
  tokenEnds: 'Gültig für',
  forever: 'bis es zurückgezogen wird',
  days: (n) => count(n, 'Tag', 'Tage'),
  token: 'Token',
  shownOnce: 'Es wird nur dieses eine Mal gezeigt. Kopieren Sie es jetzt.',
  madeAt: 'gemacht',
  lastUsed: 'zuletzt benutzt',
  neverUsed: 'nie benutzt',
  ends: 'endet',
  ended: 'Abgelaufen',
  revokeToken: 'Zurückziehen',
  revokeTokenTitle: (name) => `Das Token „${name}“ zurückziehen?`,
  revokeTokenHint: 'Was es benutzt, wird sofort abgewiesen. Das lässt sich nicht rückgängig machen.',
};
