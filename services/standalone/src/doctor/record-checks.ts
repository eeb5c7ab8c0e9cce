import { countRecords } from '@sheaf/db/doctor/count-records';
import { findGaps } from '@sheaf/db/doctor/find-gaps';
import { findUnsettled } from '@sheaf/db/doctor/find-unsettled';
import type { Installation } from '../open-installation.ts';
import type { Check } from './check.ts';
import { compareObjects } from './compare-objects.ts';

/** Most of a sort that are told one by one. */
const shown = 10;
const limit = 1_000;
/** What could have been done for so long is not merely waiting its turn. */
const overdueMs = 15 * 60_000;

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
        const before = Date.now() - overdueMs;
        const overdue = left.filter(({ dueAt }) => dueAt.getTime() < before);
        if (overdue.length > 0 && running?.url) {
          throw new Error(
            told(overdue.map(({ kind, id, detail, dueAt }) => `${kind}  ${id}  ${detail}, due ${dueAt.toISOString()}`)),
          );
        }
        return `${left.length} under way or waiting${overdue.length > 0 ? `, ${overdue.length} of them for more than 15 minutes` : ''}`;
      },
    },
    {
      name: 'objects',
      async look() {
        const { expected, missing, stray } = await compareObjects(installation);
        if (missing.length + stray.length > 0) {
          throw new Error(
            told([
              ...missing.map(({ downloadId, objectKey }) => `missing or of another size  ${downloadId}  ${objectKey}`),
              ...stray.map((key) => `needed by nothing  ${key}`),
            ]),
          );
        }
        return `${expected} stored for ready downloads, none missing, none left over`;
      },
    },
  ];
}

function told(found: string[]): string {
  const rest = found.length > shown ? [`and ${found.length - shown} more`] : [];
  const lines = [...found.slice(0, shown), ...rest].map((line) => `\n                    ${line}`);
  return `${found.length} found; sheaf doctor --repair mends what can be mended.${lines.join('')}`;
}
