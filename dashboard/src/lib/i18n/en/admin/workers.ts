import { counted } from '../../counted.ts';

const count = counted('en');

export const workers = {
  title: 'Workers',
  hint: 'What each was doing at its last sign of life, at most ten seconds ago for those that are well.',
  worker: 'Worker',
  process: (pid: number, version: string) => `process ${pid}, version ${version}`,
  state: 'State',
  alive: 'Alive',
  stale: 'Silent',
  staleHint: 'Its downloads are given to others once their lease has run out.',
  heartbeat: 'Last sign of life',
  ago: (duration: string) => `${duration} ago`,
  memory: 'Memory',
  started: 'Started',
  jobs: 'Runs',
  idle: 'Nothing',
  since: (duration: string) => `for ${duration}`,
  summary: (alive: number, stale: number) =>
    stale === 0
      ? `${count(alive, 'worker', 'workers')} alive`
      : `${count(alive, 'worker', 'workers')} alive, ${stale} silent`,
  empty: 'No worker is running',
  emptyHint:
    '`npm start` starts one beside the api. On many machines, start the worker’s container on each: what was asked for meanwhile waits.',
};
