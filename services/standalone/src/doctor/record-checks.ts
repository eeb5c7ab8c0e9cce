import { countRecords } from '@sheaf/db/doctor/count-records';
import { findGaps } from '@sheaf/db/doctor/find-gaps';
import { findUnsettled, overdueSeconds, type Unsettled, type Wait } from '@sheaf/db/doctor/find-unsettled';
import { readDatabaseTime } from '@sheaf/db/read-database-time';
import type { Installation } from '../open-installation.ts';
import type { Check } from './check.ts';
import { compareObjects } from './compare-objects.ts';

/** Most of a sort that are told one by one. */
const shown = 10;
const limit = 1_000;

const waits: Readonly<Record<Wait | 'nothing', string>> = {
  worker: 'with a worker',
  time: 'until the time of the next attempt',
  pause: 'while its queue is paused',
  limit: 'until others of the same requester have ended',
  turn: 'behind others, with busy workers',
  nothing: 'to be taken up',
};

/**
 * Whether requests, archives, notifications and stored objects agree with each other. Safe beside running workers: each
 * statement is of one moment, and no moment has a gap.
 */
export function recordChecks(installation: Pick<Installation, 'db' | 'storage' | 'running'>): Check[] {
  const { db, running } = installation;
  return [
    {
      name: 'records',
      async look() {
        const gaps = await findGaps(db.orm, { limit });
        if (gaps.length > 0) {
          throw new Error(told(gaps.map(({ kind, downloadId, detail }) => `${kind}  ${downloadId}  ${detail}`)));
        }
        const { downloads, open, ready, archives, notifications } = await countRecords(db.orm);
        return `${downloads} downloads, ${open} of them under way, ${ready} ready with ${archives} archives, ${notifications} notifications: they agree`;
      },
    },
    {
      name: 'work',
      async look() {
        const left = await findUnsettled(db.orm, { limit });
        if (left.length === 0) return 'nothing is left to do';
        const before = (await readDatabaseTime(db.orm)).getTime() - overdueSeconds * 1_000;
        const overdue = left.filter(({ waitsFor, dueAt }) => waitsFor === null && dueAt.getTime() < before);
        if (overdue.length > 0 && running?.url) {
          throw new Error(
            told(overdue.map(({ kind, id, detail, dueAt }) => `${kind}  ${id}  ${detail}, due ${dueAt.toISOString()}`)),
          );
        }
        const long = overdue.length > 0 ? `, ${overdue.length} of them for more than 15 minutes` : '';
        return `${left.length === limit ? 'at least ' : ''}${left.length} under way or waiting${long}${whyTheyWait(left)}`;
      },
    },
    {
      name: 'objects',
      async look() {
        const { expected, missing, damaged, stray } = await compareObjects(installation);
        if (missing.length + damaged.length + stray.length > 0) {
          throw new Error(
            told([
              ...missing.map(({ downloadId, objectKey }) => `missing or of another size  ${downloadId}  ${objectKey}`),
              ...damaged.map(({ downloadId, objectKey }) => `found damaged  ${downloadId}  ${objectKey}`),
              ...stray.map((key) => `needed by nothing  ${key}`),
            ]),
          );
        }
        return `${expected} stored for ready downloads, none missing or damaged, none left over`;
      },
    },
  ];
}

function whyTheyWait(left: readonly Unsettled[]): string {
  const groups = Map.groupBy(left, ({ kind, waitsFor }) => `${kind}  ${waits[waitsFor ?? 'nothing']}`);
  return inLines([...groups].map(([what, all]) => `${all.length}  ${what}`).toSorted());
}

function told(found: string[]): string {
  const rest = found.length > shown ? [`and ${found.length - shown} more`] : [];
  const lines = inLines([...found.slice(0, shown), ...rest]);
  return `${found.length} found; sheaf doctor --repair mends what can be mended.${lines}`;
}

function inLines(lines: readonly string[]): string {
  return lines.map((line) => `\n                    ${line}`).join('');
}
