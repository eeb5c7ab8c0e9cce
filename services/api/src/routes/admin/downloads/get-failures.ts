import { failureQuerySchema, failuresSchema } from '@sheaf/contract/failure';
import { countStorageFaults } from '@sheaf/db/failures/count-storage-faults';
import { listFailedRenditions } from '@sheaf/db/failures/list-failed-renditions';
import { type FailureCluster, listFailureClusters } from '@sheaf/db/failures/list-failure-clusters';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { invalidInput, parseOptionalTime } from '../../../schema-validator.ts';

const usualWindowMs = 7 * 24 * 60 * 60_000;
const most = 100;
/** A worker's clock may be ahead of this one. */
const skewMs = 60_000;

export const getFailures: ApiRoute = (app, { db, clock }) => {
  app.get(
    '/admin/failures',
    {
      onRequest: requireReader,
      schema: {
        tags: ['administration'],
        summary: 'What fails, by what it has in common: downloads, renditions, storage',
        querystring: failureQuerySchema,
        response: { 200: failuresSchema },
      },
    },
    async ({ query }) => {
      const to = parseOptionalTime(query.to, '/to') ?? new Date(clock().getTime() + skewMs);
      const from = parseOptionalTime(query.from, '/from') ?? new Date(to.getTime() - usualWindowMs);
      if (from >= to) throw invalidInput([{ path: '/to', message: 'must come after `from`' }]);
      const [clusters, renditions, storage] = await Promise.all([
        listFailureClusters(db.orm, { from, to, limit: most }),
        listFailedRenditions(db.orm, most),
        countStorageFaults(db.orm),
      ]);
      return {
        from: from.toISOString(),
        to: to.toISOString(),
        downloads: clusters.map(clusterJson),
        renditions: renditions.map(({ firstAt, lastAt, ...failed }) => ({
          ...failed,
          firstAt: firstAt.toISOString(),
          lastAt: lastAt.toISOString(),
        })),
        storage: storage.map(({ checkedAt, ...fault }) => ({ ...fault, checkedAt: checkedAt?.toISOString() ?? null })),
      };
    },
  );
};

function clusterJson({ firstAt, lastAt, ...cluster }: FailureCluster) {
  const [code = '', step = '', ...cause] = cluster.failure.split('/');
  return {
    ...cluster,
    code,
    step,
    cause: cause.length === 0 ? null : cause.join('/'),
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
  };
}
