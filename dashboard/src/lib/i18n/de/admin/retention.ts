import { counted } from '../../counted.ts';
import type { AdminTexts } from '../../dictionary.ts';

const count = counted('de');

export const retention: AdminTexts['retention'] = {
  title: 'Aufbewahrung',
  hint: 'Wie lange behalten wird, was gemacht wurde. Probieren Sie eine Änderung aus, ehe Sie sie vornehmen.',
  bundles: 'Bündel und ihre Links leben, in Stunden',
  bundlesHint: (hours) =>
    `Leer: wie die Sichtbarkeit es sagt. Im Augenblick ${count(hours, 'Stunde', 'Stunden')}. Ein Asset oder eine Lizenz, die früher endet, beendet sie früher.`,
  mails: 'E-Mails, die mangels Mailserver behalten werden, in Tagen',
  inbox: 'Einträge in Posteingängen, in Tagen',
  forEver: 'Leer: für immer.',
  wrong: (most) => `Eine ganze Zahl von 1 bis ${most}, oder nichts.`,
  unchanged: 'Noch ist nichts geändert.',
  tryIt: 'Ausprobieren',
  save: 'Speichern…',
  effectTitle: 'Was das jetzt bewirken würde',
  effectNone: 'Es würde nichts beenden und nichts entfernen.',
  effect: (bundles, bytes, people) =>
    `Es würde ${count(bundles, 'Bündel', 'Bündel')} beenden, ${bytes} freigeben und ${count(people, 'Person', 'Personen')} betreffen.`,
  shortened: (n) => `${count(n, 'Bündel würde', 'Bündel würden')} früher enden als angesagt.`,
  messages: (mails, entries) =>
    `${count(mails, 'behaltene E-Mail', 'behaltene E-Mails')} und ${count(entries, 'Eintrag', 'Einträge')} in Posteingängen würden entfernt.`,
  confirmTitle: 'Aufbewahrung ändern?',
  confirmHint: 'Was abgelaufen ist, kommt nicht zurück; es kann neu angefordert werden.',
  confirm: 'Ändern',
  done: 'Die Aufbewahrung ist geändert',
  history: 'Verlauf',
  historyEmpty: 'Noch hat sie niemand geändert.',
  version: 'Version',
  changedBy: 'Von',
  changedAt: 'Wann',
  reason: 'Warum',
  what: 'Was',
  somebody: 'Jemand, den es nicht mehr gibt',
  told: (bundles, mails, inbox) => `Bündel: ${bundles}; E-Mails: ${mails}; Posteingang: ${inbox}`,
  hours: (n) => count(n, 'Stunde', 'Stunden'),
  days: (n) => count(n, 'Tag', 'Tage'),
  asVisibility: 'wie die Sichtbarkeit es sagt',
  always: 'für immer',
};
