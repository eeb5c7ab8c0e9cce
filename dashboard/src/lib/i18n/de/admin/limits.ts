import type { AdminTexts } from '../../dictionary.ts';

export const limits: AdminTexts['limits'] = {
  title: 'Grenzen',
  hint: 'Wie viel angefordert werden darf und wie lange etwas gilt. Die Grenzen gehören zur Sichtbarkeit und ihrem Verlauf.',
  downloads: 'Downloads',
  maxAssetsPerDownload: 'Höchstens Assets in einem Download',
  runningPerRequester: 'Laufende Downloads je Person',
  runningPerRequesterHint:
    'Was darüber hinaus angefordert wird, wartet, bis einer derselben Person zu Ende ist; niemand wird abgewiesen.',
  linkTtlHours: 'Links gelten (Stunden)',
  linkTtlHint: 'Außer ein Asset oder eine Lizenz im Bündel läuft früher ab.',
  expiringWithinDays: 'Assets laufen bald ab, wenn innerhalb von (Tagen)',
  background: 'Im Hintergrund',
  backgroundHint: 'Über einer dieser Grenzen wird ein Download im Hintergrund vorbereitet.',
  maxAssets: 'Assets',
  maxMegabytes: 'Größe (MB)',
  maxSeconds: 'Erwartete Zeit (Sekunden)',
  quota: 'Kontingent für alle',
  quotaHint: 'Für alle, die kein eigenes haben. Ein leeres Feld heißt: keine Grenze.',
  gigabytes: 'Größe (GB)',
  periodHours: 'Innerhalb von (Stunden)',
  concurrentDownloads: 'Downloads gleichzeitig in Vorbereitung',
  assetsPerDownload: 'Assets in einem Download',
  noLimit: 'Keine Grenze',
  quotaSize: (size, hours) => `${size} in ${hours} Stunden`,
  number: (least, most) => `Eine ganze Zahl von ${least} bis ${most} ist nötig.`,
  atLeast: (least) => `Eine Zahl ab ${least} ist nötig.`,
};
