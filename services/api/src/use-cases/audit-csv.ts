import { pipeline, Readable } from 'node:stream';
import type { AuditEventJson } from '@sheaf/contract/audit';
import { type AuditFilter, listAuditEvents } from '@sheaf/db/audit/list-audit-events';
import type { Executor } from '@sheaf/db/database';
import { stringify } from 'csv-stringify';
import { auditJson } from './audit-json.ts';

const columns = [
  'seq',
  'at',
  'actorId',
  'actorName',
  'actorEmail',
  'action',
  'downloadId',
  'assetId',
  'licenceId',
  'ipAddress',
  'userAgent',
  'detail',
  'hash',
] as const;

const pageSize = 500;

/**
 * All events that a filter lets through as CSV, the newest first: page by page as the reader takes them, so that the
 * memory it takes does not depend on how many there are. Cells that a spreadsheet would take for formulas begin with an
 * apostrophe. Destroy the stream to stop it.
 */
export function auditCsv(executor: Executor, filter: AuditFilter): Readable {
  const csv = stringify({ header: true, columns: [...columns], escape_formulas: true, record_delimiter: 'windows' });
  // An error reaches the reader as that of the CSV, which is destroyed with it.
  pipeline(Readable.from(rows(executor, filter), { highWaterMark: 64 }), csv, () => {});
  return csv;
}

async function* rows(executor: Executor, filter: AuditFilter) {
  let before: number | undefined;
  for (;;) {
    const page = await listAuditEvents(executor, { filter, before, limit: pageSize });
    for (const event of page) yield cells(auditJson(event));
    if (page.length < pageSize) return;
    before = page.at(-1)?.seq;
  }
}

function cells({ actor, detail, ...event }: AuditEventJson): Record<(typeof columns)[number], unknown> {
  return {
    ...event,
    actorId: actor?.id,
    actorName: actor?.name,
    actorEmail: actor?.email,
    detail: JSON.stringify(detail),
  };
}
