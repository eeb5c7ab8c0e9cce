import { counted } from '../../counted.ts';
import type { AdminTexts } from '../../dictionary.ts';

const count = counted('de');

export const workers: AdminTexts['workers'] = {
  title: 'Worker',
  hint: 'Was jeder bei seinem letzten Lebenszeichen tat, das bei gesunden höchstens zehn Sekunden her ist.',
  worker: 'Worker',
  process: (pid, version) => `Prozess ${pid}, Version ${version}`,
  state: 'Zustand',
  alive: 'Am Leben',
  stale: 'Verstummt',
  staleHint: 'Seine Downloads bekommen andere, sobald ihre Frist abgelaufen ist.',
  heartbeat: 'Letztes Lebenszeichen',
  ago: (duration) => `vor ${duration}`,
  memory: 'Speicher',
  started: 'Gestartet',
  jobs: 'Führt aus',
  idle: 'Nichts',
  since: (duration) => `seit ${duration}`,
  summary: (alive, stale) =>
    stale === 0
      ? `${count(alive, 'Worker', 'Worker')} am Leben`
      : `${count(alive, 'Worker', 'Worker')} am Leben, ${stale} verstummt`,
  empty: 'Kein Worker läuft',
  emptyHint:
    '`npm start` startet einen neben der API. Auf vielen Maschinen starten Sie den Container des Workers auf jeder: Was inzwischen angefordert wurde, wartet.',
};
