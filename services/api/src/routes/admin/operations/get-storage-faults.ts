import { pageQuerySchema } from '@sheaf/contract/page';
import { storageFaultPageSchema } from '@sheaf/contract/storage';
import { listArchiveFaults } from '@sheaf/db/storage-care/list-archive-faults';
import { listStorageFaults } from '@sheaf/db/storage-care/list-storage-faults';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { invalidInput } from '../../../schema-validator.ts';

/** Archives that are told of. */
const mostArchives = 100;

export const getStorageFaults: ApiRoute = (app, { db }) => {
  app.get(
    '/admin/storage/faults',
    {
      onRequest: requireReader,
      schema: {
        tags: ['operations'],
        summary:
          'Stored files and archives that are missing or damaged, with the assets, licences and ready downloads they affect',
        querystring: pageQuerySchema,
        response: { 200: storageFaultPageSchema },
      },
    },
    async ({ query: { limit = 50, cursor } }) => {
      const [{ items, nextCursor }, archives] = await Promise.all([
        listStorageFaults(db.orm, { limit, after: hashOf(cursor) }),
        cursor === undefined ? listArchiveFaults(db.orm, mostArchives) : [],
      ]);
      return {
        items: items.map(({ checkedAt, verifiedAt, ...fault }) => ({
          ...fault,
          checkedAt: checkedAt?.toISOString() ?? null,
          verifiedAt: verifiedAt?.toISOString() ?? null,
        })),
        nextCursor: nextCursor === null ? null : Buffer.from(nextCursor, 'hex').toString('base64url'),
        archives: archives.map((one) => ({ ...one, checkedAt: one.checkedAt?.toISOString() ?? null })),
      };
    },
  );
};

function hashOf(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== 32 || bytes.toString('base64url') !== cursor) {
    throw invalidInput([{ path: '/cursor', message: 'is not a cursor of this list' }]);
  }
  return bytes.toString('hex');
}
