import { requesterViewSchema } from '@sheaf/contract/admin-download-detail';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import { findDownload } from '@sheaf/db/downloads/find-download';
import { noSuchDownload } from '@sheaf/downloads/download-scope';
import type { ApiRoute } from '../../../api-deps.ts';
import { auditEvent } from '../../../audit-event.ts';
import { requireReader } from '../../../current-user.ts';
import { downloadJson } from '../../../use-cases/download-json.ts';
import { idParamsSchema } from '../../id-params.ts';

export const getRequesterView: ApiRoute = (app, deps) => {
  app.get(
    '/admin/downloads/:id/as-requester',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'What its requester is shown of a download; that somebody looked stands in the audit log',
        params: idParamsSchema,
        response: { 200: requesterViewSchema },
      },
    },
    (request) =>
      deps.db.transaction(async (tx) => {
        const now = deps.clock();
        const { id: downloadId } = request.params;
        const view = await findDownload(tx, { downloadId, requesterId: null });
        if (view === null) throw noSuchDownload();
        const { requester } = view;
        const shown = downloadJson(view, { viewerId: requester.id, linkSealer: deps.sealers.link, now });
        const event = {
          at: now,
          action: 'download.viewed',
          downloadId,
          detail: { asRequester: requester.id },
        } as const;
        await appendAuditEvent(tx, auditEvent(request, event));
        const parts = shown.bundle?.parts ?? [];
        return {
          requester,
          // Whoever has a link may fetch the archive: looking is not having.
          download: {
            ...shown,
            bundle: shown.bundle && { ...shown.bundle, parts: parts.map((part) => ({ ...part, url: null })) },
          },
          linksShown: parts.filter(({ url }) => url !== null).length,
        };
      }),
  );
};
