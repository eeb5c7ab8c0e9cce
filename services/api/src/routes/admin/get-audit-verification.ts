import { auditVerificationQuerySchema, auditVerificationSchema } from '@sheaf/contract/audit';
import { formatChainPoint, parseChainPoint } from '@sheaf/db/audit/audit-chain';
import { listAuditEvents } from '@sheaf/db/audit/list-audit-events';
import { verifyAuditLog } from '@sheaf/db/audit/verify-audit-log';
import type { ApiRoute } from '../../api-deps.ts';
import { requireReader } from '../../current-user.ts';
import { invalidInput } from '../../schema-validator.ts';

/** Rows of one step: some tenths of a second, so that no request takes long, however long the log. */
const stepRows = 10_000;

export const getAuditVerification: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/audit/verification',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: "Compute the audit log's chain anew, a step at a time",
        description:
          `Looks at ${stepRows} events, the oldest first or those from \`from\` on. Rows cut off the end, or a log that ` +
          'was written anew as a whole, are only seen with `expect`: a head that was kept elsewhere.',
        querystring: auditVerificationQuerySchema,
        response: { 200: auditVerificationSchema },
      },
    },
    async (request) => {
      const from = pointOf(request.query.from);
      const expect = pointOf(request.query.expect);
      const [newest] = await listAuditEvents(db.orm, { filter: {}, limit: 1 });
      if (from && from.seq > (newest?.seq ?? 0)) {
        throw invalidInput([{ path: '/from', message: 'names a row that is not there' }]);
      }
      const { rows, head, fault } = await verifyAuditLog(db.orm, { from, expect, most: stepRows });
      return {
        head: formatChainPoint(head),
        newest: newest?.seq ?? 0,
        complete: fault === null && rows < stepRows,
        fault,
      };
    },
  );
};

function pointOf(text: string | undefined) {
  return text === undefined ? undefined : (parseChainPoint(text) ?? undefined);
}
