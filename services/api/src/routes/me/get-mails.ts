import { keptMailPageSchema } from '@sheaf/contract/kept-mail';
import { pageQuerySchema } from '@sheaf/contract/page';
import { listKeptMails } from '@sheaf/db/inbox/list-kept-mails';
import type { Sealer } from '@sheaf/runtime/seal';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { pageJson } from '../../cursor.ts';
import { pageOf } from '../../page-query.ts';

export const getMails: ApiRoute = (app, { db, sealers }) => {
  app.get(
    '/me/mails',
    {
      onRequest: requireActor,
      schema: {
        tags: ['me'],
        summary: 'Messages that were kept because no mail server is set up',
        querystring: pageQuerySchema,
        response: { 200: keptMailPageSchema },
      },
    },
    async (request) => {
      const page = await listKeptMails(db.orm, currentUser(request), pageOf(request.query));
      return pageJson(page, ({ createdAt, sealedText, sealedHtml, ...mail }) => ({
        ...mail,
        ...openMail(sealers.mail, sealedText, sealedHtml),
        createdAt: createdAt.toISOString(),
      }));
    },
  );
};

const unopened = 'This message was kept under another secret key and cannot be opened any more.';

/** One that cannot be opened, as after a change of the key, must not hide the others. */
function openMail(sealer: Sealer, sealedText: Buffer, sealedHtml: Buffer): { text: string; html: string } {
  try {
    return { text: sealer.open(sealedText), html: sealer.open(sealedHtml) };
  } catch {
    return { text: unopened, html: `<p>${unopened}</p>` };
  }
}
