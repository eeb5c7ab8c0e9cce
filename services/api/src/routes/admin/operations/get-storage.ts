import { storageFactsSchema } from '@sheaf/contract/storage';
import { readMeasures } from '@sheaf/db/rollups/read-measures';
import { readStorageCare } from '@sheaf/db/storage-care/read-storage-care';
import type { ApiRoute } from '../../../api-deps.ts';
import { requireReader } from '../../../current-user.ts';
import { readStorageTrend } from '../../../use-cases/storage-trend.ts';

const historyMs = 90 * 86_400_000;
const nothing = { files: 0, bytes: 0 };

export const getStorage: ApiRoute = (app, { db, clock }) => {
  app.get(
    '/admin/storage',
    {
      onRequest: requireReader,
      schema: {
        tags: ['operations'],
        summary: 'What is stored, how much room is left, and for how long',
        response: { 200: storageFactsSchema },
      },
    },
    async () => {
      const now = clock();
      const from = new Date(now.getTime() - historyMs);
      const [{ facts, measuredAt, ...trend }, history, care] = await Promise.all([
        readStorageTrend(db.prepared, now),
        readMeasures(db.prepared, { resolution: 'day', measures: ['storage'], from }),
        readStorageCare(db.prepared),
      ]);
      return {
        ...trend,
        measuredAt: measuredAt?.toISOString() ?? null,
        blobs: facts?.blobs ?? nothing,
        uses: {
          originals: facts?.originals ?? nothing,
          staticRenditions: facts?.staticRenditions ?? nothing,
          dynamicRenditions: facts?.dynamicRenditions ?? nothing,
          documents: facts?.documents ?? nothing,
        },
        archives: facts?.archives ?? nothing,
        tails: facts?.tails ?? nothing,
        disk: facts?.disk ?? null,
        care: {
          ...care,
          lastVerifiedAt: care.lastVerifiedAt?.toISOString() ?? null,
          allVerifiedSince: care.allVerifiedSince?.toISOString() ?? null,
        },
        history: history
          .toSorted((a, b) => a.at.getTime() - b.at.getTime())
          .map(({ at, value }) => ({ at: at.toISOString(), usedBytes: value })),
      };
    },
  );
};
