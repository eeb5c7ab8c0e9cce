import { type AuditQuery, auditPageSchema, auditQuerySchema } from '@sheaf/contract/audit';
import { type AuditFilter, listAuditEvents } from '@sheaf/db/audit/list-audit-events';
import { cutPage } from '@sheaf/db/page';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiRoute } from '../../api-deps.ts';
import { requireReader } from '../../current-user.ts';
import { invalidInput, parseOptionalTime } from '../../schema-validator.ts';
import { auditCsv } from '../../use-cases/audit-csv.ts';
import { auditJson } from '../../use-cases/audit-json.ts';

export const getAudit: ApiRoute = (app, { db, clock }) => {
  app.get(
    '/admin/audit',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'The audit log, the newest first',
        description:
          'As JSON in pages; with `Accept: text/csv` or `format=csv` as one CSV file of everything that the filters ' +
          'let through.',
        querystring: auditQuerySchema,
        response: { 200: auditPageSchema },
      },
    },
    async (request, reply) => {
      const { limit = 50, cursor } = request.query;
      const filter = filterOf(request.query);
      if (wantsCsv(request)) {
        const fileName = `audit-${clock().toISOString().slice(0, 10)}.csv`;
        reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', contentDisposition(fileName))
          .header('cache-control', 'private, no-store');
        // The schema is that of the JSON.
        return (reply as FastifyReply).send(auditCsv(db.orm, filter));
      }
      const events = await listAuditEvents(db.orm, { filter, before: seqOf(cursor), limit: limit + 1 });
      const { items, nextCursor } = cutPage(events, limit, ({ seq }) => encodeSeq(seq));
      return { items: items.map(auditJson), nextCursor };
    },
  );
};

function wantsCsv({ query, headers }: FastifyRequest<{ Querystring: AuditQuery }>): boolean {
  if (query.format !== undefined) return query.format === 'csv';
  return /(^|,)\s*text\/csv\s*(;|,|$)/i.test(headers.accept ?? '');
}

function filterOf({ from, to, format: _, limit: __, cursor: ___, ...filter }: AuditQuery): AuditFilter {
  return {
    ...filter,
    from: parseOptionalTime(from, '/from') ?? undefined,
    to: parseOptionalTime(to, '/to') ?? undefined,
  };
}

/** Opaque to callers, as cursors are everywhere. */
function encodeSeq(seq: number): string {
  return Buffer.from(String(seq)).toString('base64url');
}

function seqOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const seq = Buffer.from(cursor, 'base64url').toString();
  if (!/^[1-9]\d{0,14}$/.test(seq) || encodeSeq(Number(seq)) !== cursor) {
    throw invalidInput([{ path: '/cursor', message: 'is not a cursor of this list' }]);
  }
  return Number(seq);
}
