import { licencePageSchema } from '@sheaf/contract/licence';
import { pageQuerySchema } from '@sheaf/contract/page';
import { listLicences } from '@sheaf/db/catalogue/list-licences';
import { loadAcceptances } from '@sheaf/db/downloads/load-acceptances';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { seesEverything } from '@sheaf/domain/sees-everything';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { pageJson } from '../../cursor.ts';
import { pageOf } from '../../page-query.ts';
import { licenceJson } from '../../use-cases/licence-json.ts';

export const getLicences: ApiRoute = (app, { db, clock }) => {
  app.get(
    '/licences',
    {
      onRequest: requireActor,
      schema: {
        tags: ['licences'],
        summary: 'Licences, newest first; for administrators and auditors those that are not approved, too',
        querystring: pageQuerySchema,
        response: { 200: licencePageSchema },
      },
    },
    async (request) => {
      const actor = currentUser(request);
      const approved = seesEverything(actor) ? undefined : true;
      const page = await listLicences(db.orm, { approved, ...pageOf(request.query) });
      const ids = page.items.map(({ id }) => id);
      const acceptances = await loadAcceptances(db.orm, actor.id, ids);
      const { licenceAcceptance } = (await readVisibility(db.orm)).configuration;
      const viewing = { actor, acceptances, licenceAcceptance, now: clock() };
      return pageJson(page, (licence) => licenceJson(licence, viewing));
    },
  );
};
